#!/bin/busybox sh
# The first program of the virtual machine (virtual_machine.py): this machine's files, read only,
# under a layer in memory; /vmout is the only folder that is still there afterwards.
export PATH=/bin
busybox mount -t proc proc /proc
busybox mount -t devtmpfs dev /dev
while read -r module; do busybox insmod "/modules/$module"; done </modules/order
shared=trans=virtio,version=9p2000.L,msize=262144
busybox mount -t 9p -o "ro,cache=loose,$shared" host /host
busybox mount -t tmpfs memory /layer
busybox mkdir /layer/changed /layer/work
busybox mount -t overlay -o lowerdir=/host,upperdir=/layer/changed,workdir=/layer/work root /root
cd /root || exit
busybox mkdir -p vmout lib/modules media
busybox mount -t 9p -o "$shared" out vmout
busybox mount -t 9p -o "ro,cache=loose,$shared" modules lib/modules
busybox mount -t proc proc proc
busybox mount -t sysfs sys sys
busybox mount -t devtmpfs dev dev
busybox mkdir -p dev/pts dev/shm
busybox mount -t devpts pts dev/pts
busybox mount -t tmpfs memory dev/shm
for folder in run media; do busybox mount -t tmpfs memory "$folder"; done
busybox mkdir run/tmp
exec busybox chroot /root /bin/sh -c '
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    export HOME=/root LANG=C.UTF-8 TMPDIR=/run/tmp
    ip link set lo up
    sh /vmout/command >/vmout/log 2>&1
    echo $? >/vmout/code
    sync
    echo o >/proc/sysrq-trigger
    sleep 60'
