/* Makes a disk fail for a program while it runs: LD_PRELOAD.

   FILE_FAULTS_FOLDER  absolute path of the folder whose files fail
   FILE_FAULTS_SWITCH  a file; while it exists, what would change the disk fails, with the
                       error number that is written in it

   Reading goes on, as it does on a disk that the system has set read-only. Linux, 64 bits. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The error number of now, 0 for none. */
static int fault(void)
{
    char digits[16] = "";
    const char *file = getenv("FILE_FAULTS_SWITCH");
    int saved = errno;
    int fd = file ? (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY) : -1;
    if (fd >= 0) {
        if (syscall(SYS_read, fd, digits, sizeof digits - 1) < 0)
            abort();
        syscall(SYS_close, fd);
    }
    errno = saved;
    return atoi(digits);
}

static int fails(const char *path)
{
    const char *folder = getenv("FILE_FAULTS_FOLDER");
    int number = folder && strncmp(path, folder, strlen(folder)) == 0 ? fault() : 0;
    if (number)
        errno = number;
    return number;
}

static int fails_open(int fd)
{
    char link[64], path[PATH_MAX];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    errno = saved;
    path[length < 0 ? 0 : length] = 0;
    return fails(path);
}

static int open_file(int at, const char *path, int flags, mode_t mode)
{
    if ((flags & (O_CREAT | O_TRUNC)) && fails(path))
        return -1;
    return (int)syscall(SYS_openat, at, path, flags, mode);
}

#define MODE_OF(flags)                                                                             \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                         \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...) { MODE_OF(flags) return open_file(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_file(AT_FDCWD, path, flags, mode); }

ssize_t write(int fd, const void *data, size_t length)
{
    return fails_open(fd) ? -1 : syscall(SYS_write, fd, data, length);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset)
{
    return fails_open(fd) ? -1 : syscall(SYS_pwrite64, fd, data, length, offset);
}

int ftruncate64(int fd, off64_t length)
{
    return fails_open(fd) ? -1 : (int)syscall(SYS_ftruncate, fd, length);
}

int fsync(int fd) { return fails_open(fd) ? -1 : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return fails_open(fd) ? -1 : (int)syscall(SYS_fdatasync, fd); }

int rename(const char *from, const char *to)
{
    return fails(to) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
    return fails(path) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
