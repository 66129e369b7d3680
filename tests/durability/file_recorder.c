/* Writes down what a program does to the files below one folder: LD_PRELOAD.

   FILE_RECORDER_FOLDER  absolute path without symbolic links, of the folder that is watched
   FILE_RECORDER_LOG     the record, appended to, so that one record can span several runs
   FILE_RECORDER_KILL    kill the program before its N-th fsync below the folder (from 1)

   One record an operation that succeeded, in their order: a line
       kind offset length inode path
   and then `length` bytes. They are what was written (write, said: to standard output), the
   new path (rename, link), or nothing (create, truncate to `offset`, sync, unlink, mkdir).
   "unmodelled" stands for an operation that the replay knows nothing about. Calls that go
   past the C library are not seen: the replay's end has to be compared with the real files.
   For programs with one thread. Linux, 64 bits, glibc or musl. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *folder;
static size_t folder_length;
static int record = -1;
static long syncs_left = -1;

__attribute__((constructor)) static void start(void)
{
    const char *log = getenv("FILE_RECORDER_LOG"), *kill_at = getenv("FILE_RECORDER_KILL");
    folder = getenv("FILE_RECORDER_FOLDER");
    if (!log || !folder)
        return;
    folder_length = strlen(folder);
    syncs_left = kill_at ? atol(kill_at) : -1;
    record = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record < 0)
        abort();
}

static int is_watched(const char *path)
{
    return record >= 0 && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

static void note(const char *kind, const char *path, long long offset, ino_t inode,
                 const void *data, size_t length)
{
    char line[PATH_MAX + 128];
    int saved = errno;
    int size = snprintf(line, sizeof line, "%s %lld %zu %llu %s\n", kind, offset, length,
                        (unsigned long long)inode, path);
    struct iovec parts[2] = {{line, (size_t)size}, {(void *)data, length}};
    if (syscall(SYS_writev, record, parts, 2) != (long)(size + length))
        abort();
    errno = saved;
}

/* Path and inode of an open file, if it is watched. */
static int find(int fd, char path[PATH_MAX], ino_t *inode)
{
    char link[64];
    struct stat about;
    int saved = errno;
    if (record < 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    int found = length > 0 && is_watched(path) && fstat(fd, &about) == 0;
    if (found)
        *inode = about.st_ino;
    errno = saved;
    return found;
}

static void note_open_file(const char *kind, int fd, long long offset, const void *data, size_t length)
{
    char path[PATH_MAX];
    ino_t inode;
    if (find(fd, path, &inode))
        note(kind, path, offset, inode, data, length);
}

static int open_file(int at, const char *path, int flags, mode_t mode)
{
    struct stat about;
    int watched = path[0] == '/' && is_watched(path), saved = errno;
    int is_new = watched && (flags & O_CREAT) && stat(path, &about) != 0;
    errno = saved;
    int fd = (int)syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && watched) {
        if (is_new)
            note_open_file("create", fd, 0, NULL, 0);
        else if (flags & O_TRUNC)
            note_open_file("truncate", fd, 0, NULL, 0);
    }
    return fd;
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
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_file(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_file(at, path, flags, mode); }

ssize_t write(int fd, const void *data, size_t length)
{
    ssize_t done = syscall(SYS_write, fd, data, length);
    if (done > 0 && record >= 0) {
        if (fd == STDOUT_FILENO)
            note("said", "-", 0, 0, data, (size_t)done);
        else {
            int saved = errno;
            off_t end = lseek(fd, 0, SEEK_CUR); /* also right after O_APPEND */
            errno = saved;
            if (end >= 0)
                note_open_file("write", fd, end - done, data, (size_t)done);
        }
    }
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset)
{
    ssize_t done = syscall(SYS_pwrite64, fd, data, length, offset);
    if (done > 0)
        note_open_file("write", fd, offset, data, (size_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
    return pwrite64(fd, data, length, offset);
}

int ftruncate64(int fd, off64_t length)
{
    int result = (int)syscall(SYS_ftruncate, fd, length);
    if (result == 0)
        note_open_file("truncate", fd, length, NULL, 0);
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int sync_file(long call, int fd)
{
    char path[PATH_MAX];
    ino_t inode;
    int watched = find(fd, path, &inode);
    if (watched && syncs_left > 0 && --syncs_left == 0)
        raise(SIGKILL);
    int result = (int)syscall(call, fd);
    if (result == 0 && watched)
        note("sync", path, 0, inode, NULL, 0);
    return result;
}

int fsync(int fd) { return sync_file(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_file(SYS_fdatasync, fd); }

static int note_second_name(int result, const char *kind, const char *from, const char *to)
{
    if (result == 0 && (is_watched(from) || is_watched(to)))
        note(kind, from, 0, 0, to, strlen(to));
    return result;
}

int rename(const char *from, const char *to)
{
    int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    return note_second_name(result, "rename", from, to);
}

int link(const char *from, const char *to)
{
    return note_second_name((int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0), "link", from, to);
}

static int note_done(int result, const char *kind, const char *path)
{
    if (result == 0 && is_watched(path))
        note(kind, path, 0, 0, NULL, 0);
    return result;
}

int unlink(const char *path)
{
    return note_done((int)syscall(SYS_unlinkat, AT_FDCWD, path, 0), "unlink", path);
}

int mkdir(const char *path, mode_t mode)
{
    return note_done((int)syscall(SYS_mkdirat, AT_FDCWD, path, mode), "mkdir", path);
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
    return note_second_name((int)syscall(SYS_linkat, from_at, from, to_at, to, flags), "link", from, to);
}

/* What SQLite and Python could also use, and do not today. */

int rmdir(const char *path)
{
    return note_done((int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR), "unmodelled", path);
}

int truncate(const char *path, off_t length)
{
    return note_done((int)syscall(SYS_truncate, path, length), "unmodelled", path);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    ssize_t done = syscall(SYS_writev, fd, parts, count);
    if (done > 0)
        note_open_file("unmodelled", fd, 0, NULL, 0);
    return done;
}

static void *map(void *where, size_t length, int access, int flags, int fd, off64_t offset)
{
    if ((flags & MAP_SHARED) && (access & PROT_WRITE) && fd >= 0)
        note_open_file("unmodelled", fd, 0, NULL, 0);
    return (void *)syscall(SYS_mmap, where, length, access, flags, fd, offset);
}

void *mmap(void *where, size_t length, int access, int flags, int fd, off_t offset)
{
    return map(where, length, access, flags, fd, offset);
}

void *mmap64(void *where, size_t length, int access, int flags, int fd, off64_t offset)
{
    return map(where, length, access, flags, fd, offset);
}
