#!/bin/sh
# Do README's commands work where nothing is? A bare Debian 12 (debootstrap's minbase) in a temporary folder, a clean
# clone of this checkout in it, both commands in a chroot, and how many seconds each took.
#   sh tools/bare-debian.sh            as root, on a Debian with debootstrap; needs 3 GB and a network
#   sh tools/bare-debian.sh run dev    other tasks of tools/setup.sh than `leaflets` and `test`
# What stands between this machine and its network (mirror, proxy, certificates, pip's configuration) is copied into it.
# BARE_KEEP=1 keeps the folder. What is not committed is not tested.
set -eu
cd "$(dirname "$0")/.."
suite=bookworm

[ "$(id -u)" -eq 0 ] || { echo 'bare-debian: debootstrap and chroot need root' >&2; exit 1; }
command -v debootstrap >/dev/null || { echo 'bare-debian: apt-get install debootstrap' >&2; exit 1; }
[ $# -gt 0 ] || set -- leaflets test

root=$(mktemp -d "${TMPDIR:-/tmp}/bare-debian.XXXXXX")
chmod 755 "$root"
clean() {
    for mounted in dev/shm dev/pts dev proc; do
        ! mountpoint -q "$root/$mounted" || umount "$root/$mounted" || umount -l "$root/$mounted"
    done
    if [ -n "${BARE_KEEP:-}" ]; then echo "kept: $root"; else rm -rf --one-file-system "$root"; fi
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

# --- a bare root ---

# Where this machine gets the suite from: "ADDRESS SUITE COMPONENT" for itself, its updates and its security.
repositories() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(CREATED_BY)' |
        awk -v suite="$suite" '$4 == "Packages" && $3 == "main" && index($2, suite) == 1 { print $1, $2, $3 }' | sort -u
}
mirror=$(repositories | awk -v suite="$suite" '$2 == suite { print $1; exit }')
[ -n "$mirror" ] || { echo "bare-debian: this machine's apt has no source for $suite" >&2; exit 1; }

timed() {
    label=$1
    shift
    begun=$(date +%s)
    status=0
    "$@" || status=$?
    echo "bare-debian: $label: $(($(date +%s) - begun)) s, exit $status"
    return "$status"
}

timed debootstrap debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; exit 1; }
tail -n 1 "$root.log"
rm -f "$root.log"

# --- this machine's way to the network ---

repositories | sed 's/^/deb /' >"$root/etc/apt/sources.list"
apt-config dump | grep -E '^Acquire::(https?|ftp|Check|Retries|Queue)' >"$root/etc/apt/apt.conf.d/99this-machine" || :
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir -p "$root/usr/local/share/ca-certificates" "$root/etc/ssl/certs"
[ ! -d /usr/local/share/ca-certificates ] || cp -RL /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
environment=$(mktemp -p "$root/tmp")
env | grep -iE '^(https?_proxy|no_proxy|all_proxy|PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT|RETRIES))=' |
    sed "s/'/'\\\\''/g; s/=/='/; s/\$/'/; s/^/export /" >"$environment" || :
bundle=${PIP_CERT:-${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}}
if [ -f "$bundle" ]; then
    cp -L "$bundle" "$root/etc/ssl/this-machine.crt"
    for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE; do
        echo "export $name=/etc/ssl/this-machine.crt"
    done >>"$environment"
fi
# A certificate or a folder of wheels named in there is not in the bare root.
mkdir -p "$root/srv/.config/pip"
for config in "$HOME/.pip/pip.conf" "$HOME/.config/pip/pip.conf"; do
    [ ! -f "$config" ] || grep -vE '^ *(cert|find-links|client-cert) *=' "$config" >"$root/srv/.config/pip/pip.conf" || :
done
[ ! -f /etc/pip.conf ] || grep -vE '^ *(cert|find-links|client-cert) *=' /etc/pip.conf >"$root/etc/pip.conf" || :

# --- README's commands, in it ---

git clone --quiet --no-hardlinks . "$root/polyleaf"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755,size=16m dev "$root/dev"
for device in null zero full random urandom tty; do
    minor=$(stat -c '%T' "/dev/$device")
    major=$(stat -c '%t' "/dev/$device")
    mknod -m 666 "$root/dev/$device" c "0x$major" "0x$minor"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"

# A minbase has no make: the same by sh, as README says. Each twice: the second time nothing has to be installed.
inside() {
    env -i HOME=/srv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        chroot "$root" /bin/sh -c ". '/tmp/${environment##*/}' && cd /polyleaf && sh tools/setup.sh $1" </dev/null
}
failed=0
for task in "$@"; do
    for round in first again; do
        timed "sh tools/setup.sh $task ($round)" inside "$task" || failed=1
    done
done
timed 'import weasyprint' chroot "$root" /polyleaf/.venv/bin/python -c \
    'import weasyprint; print(len(weasyprint.HTML(string="<p>ok").write_pdf()), "bytes of PDF")' || failed=1
exit "$failed"
