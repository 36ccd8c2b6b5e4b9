/*
 * A disk and a clock that a test holds in its hand: a library to be preloaded into a server, which
 * then does its file operations below one directory by way of it, and asks it for the wall clock. See
 * Preload.java for what it is used for.
 *
 *   CLOCK_AHEAD   a file with a number: by how many seconds the wall clock is ahead; what only
 *                 measures how time passes stays true
 *   DISK_BELOW    the directory
 *   DISK_DELAY    a file with a number: how many milliseconds each force to disk takes longer
 *   DISK_TRACE    a file that gets a line for each operation: its name and the path below the
 *                 directory, of a rename or a link the new one; null for none
 *   DISK_KILL     "NUMBER OPERATION PATTERN": the process is killed right before it does the
 *                 operation for that time to a path like that; a write is done by half first
 *   DISK_MIRROR   a directory with the same content on the same file system, which from then on is
 *                 kept as the disk would be after a loss of power: it has what was forced. Names
 *                 become durable in their order, all of them with the next force of anything, as
 *                 in the journals of ext4 and xfs.
 *   DISK_NAMES    "early": names become durable at once, so that a file may be there without what
 *                 was written to it and not forced
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FDS 65536
#define FILES 65536
#define OPERATIONS 65536
#define COPY_BYTES (1 << 16)

struct range {
  off_t from, to;
  struct range *next;
};

/* A file that was opened to be written, or came to be, since the process began. */
struct file {
  ino_t inode;
  int whole; /* all of it must be copied with the next force */
  struct range *dirty;
};

struct operation {
  char kind; /* 'c'reate, 'd'irectory, 'l'ink, 'r'ename, 'u'nlink, 'x' rmdir */
  int file;
  char *path, *other;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *below, *delay_file, *clock_file, *trace_file, *mirror, *kill_operation, *kill_pattern;
static size_t below_length;
static int kill_number, names_early, active;
static int file_of[FDS];      /* 0: not below the directory, -1: not written */
static char *path_of[FDS];
static struct file files[FILES];
static int file_count = 1;
static struct operation pending[OPERATIONS];
static int pending_count;

static void die(const char *what, const char *path) {
  dprintf(2, "disk.c: %s %s: %s\n", what, path, strerror(errno));
  _exit(99);
}

__attribute__((constructor)) static void start(void) {
  clock_file = getenv("CLOCK_AHEAD");
  below = getenv("DISK_BELOW");
  if (!below) return;
  below_length = strlen(below);
  delay_file = getenv("DISK_DELAY");
  trace_file = getenv("DISK_TRACE");
  mirror = getenv("DISK_MIRROR");
  names_early = getenv("DISK_NAMES") && !strcmp(getenv("DISK_NAMES"), "early");
  char *kill_at = getenv("DISK_KILL");
  if (kill_at) {
    char *copy = strdup(kill_at);
    kill_number = atoi(strtok(copy, " "));
    kill_operation = strtok(NULL, " ");
    kill_pattern = strtok(NULL, " ");
  }
  active = 1;
}

/* The path below the directory, or null if it is elsewhere. */
static const char *inside(const char *path) {
  if (!active || !path || strncmp(path, below, below_length)) return NULL;
  if (!path[below_length]) return ".";
  return path[below_length] == '/' ? path + below_length + 1 : NULL;
}

static const char *inside_at(int directory, const char *path, char *buffer) {
  if (!active || !path) return NULL;
  if (path[0] == '/' || directory == AT_FDCWD) return inside(path);
  if (directory < 0 || directory >= FDS || !path_of[directory]) return NULL;
  snprintf(buffer, PATH_MAX, "%s/%s", path_of[directory], path);
  return buffer;
}

static char *mirrored(const char *path, char *buffer) {
  snprintf(buffer, PATH_MAX, "%s/%s", mirror, path);
  return buffer;
}

/* Where the durable content of a file is, whatever its names are; beside the mirror. */
static char *content(int file, char *buffer) {
  snprintf(buffer, PATH_MAX, "%s.files/%d-%d", mirror, (int)getpid(), file);
  return buffer;
}

/* Tells of an operation that is about to be done, unless the process is to die before it. */
static int is_fatal(const char *name, const char *path) {
  if (trace_file) {
    char line[PATH_MAX + 32];
    int length = snprintf(line, sizeof line, "%s %s\n", name, path);
    int fd = syscall(SYS_openat, AT_FDCWD, trace_file, O_WRONLY | O_APPEND | O_CREAT, 0644);
    syscall(SYS_write, fd, line, length);
    syscall(SYS_close, fd);
  }
  return kill_operation && !strcmp(name, kill_operation) && !fnmatch(kill_pattern, path, 0) &&
         --kill_number == 0;
}

static void end_process(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void about_to(const char *name, const char *path) {
  if (is_fatal(name, path)) end_process();
}

/* ---- What the mirror has. */

static int find_file(ino_t inode) {
  for (int i = file_count - 1; i > 0; i--)
    if (files[i].inode == inode) return i;
  return 0;
}

static int add_file(ino_t inode) {
  if (file_count == FILES) die("too many files below", below);
  files[file_count].inode = inode;
  return file_count++;
}

static void apply(struct operation *op) {
  char a[PATH_MAX], b[PATH_MAX];
  int failed = 0;
  mirrored(op->path, a);
  if (op->other) mirrored(op->other, b);
  switch (op->kind) {
    case 'c': failed = syscall(SYS_link, content(op->file, b), a); break;
    case 'd': failed = syscall(SYS_mkdir, a, 0755); break;
    case 'l': failed = syscall(SYS_link, a, b); break;
    case 'r': failed = syscall(SYS_rename, a, b); break;
    case 'u': failed = syscall(SYS_unlink, a); break;
    case 'x': failed = syscall(SYS_rmdir, a); break;
  }
  if (failed) die("the mirror differs at", a);
  free(op->path);
  free(op->other);
}

static void make_names_durable(void) {
  for (int i = 0; i < pending_count; i++) apply(&pending[i]);
  pending_count = 0;
}

static void done(char kind, int file, const char *path, const char *other) {
  if (!mirror) return;
  if (pending_count == OPERATIONS) die("too many operations without a force below", below);
  struct operation *op = &pending[pending_count++];
  op->kind = kind;
  op->file = file;
  op->path = strdup(path);
  op->other = other ? strdup(other) : NULL;
  if (names_early) make_names_durable();
}

/* The number of a file that existed when the process began, which the mirror has by that name. */
static int known_file(const char *path, ino_t inode) {
  int file = find_file(inode);
  if (file) return file;
  char a[PATH_MAX], b[PATH_MAX];
  file = add_file(inode);
  if (syscall(SYS_link, mirrored(path, a), content(file, b))) die("the mirror has no", a);
  return file;
}

static int new_file(ino_t inode, const char *path) {
  char a[PATH_MAX];
  int file = add_file(inode); /* Also if a file that is gone had the same inode. */
  int fd = syscall(SYS_openat, AT_FDCWD, content(file, a), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) die("cannot create", a);
  syscall(SYS_close, fd);
  done('c', file, path, NULL);
  return file;
}

static void wrote(int fd, off_t from, ssize_t count) {
  if (!mirror || count <= 0 || file_of[fd] <= 0) return;
  struct file *file = &files[file_of[fd]];
  if (file->dirty && file->dirty->to == from) {
    file->dirty->to += count;
    return;
  }
  struct range *range = malloc(sizeof *range);
  range->from = from;
  range->to = from + count;
  range->next = file->dirty;
  file->dirty = range;
}

static void copy(int from, int to, off_t at, off_t end) {
  static char buffer[COPY_BYTES];
  while (at < end) {
    size_t wanted = end - at < COPY_BYTES ? end - at : COPY_BYTES;
    ssize_t count = syscall(SYS_pread64, from, buffer, wanted, at);
    if (count <= 0) return;
    syscall(SYS_pwrite64, to, buffer, count, at);
    at += count;
  }
}

static void forced(int fd) {
  make_names_durable();
  int number = file_of[fd];
  if (number <= 0) return;
  char path[PATH_MAX], self[64];
  struct file *file = &files[number];
  struct stat status;
  fstat(fd, &status);
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  int from = syscall(SYS_openat, AT_FDCWD, self, O_RDONLY, 0);
  int to = syscall(SYS_openat, AT_FDCWD, content(number, path), O_WRONLY, 0);
  if (from < 0 || to < 0) die("cannot copy to", path);
  if (file->whole) copy(from, to, 0, status.st_size);
  while (file->dirty) {
    struct range *range = file->dirty;
    copy(from, to, range->from, range->to);
    file->dirty = range->next;
    free(range);
  }
  file->whole = 0;
  if (syscall(SYS_ftruncate, to, status.st_size)) die("cannot truncate", path);
  syscall(SYS_close, from);
  syscall(SYS_close, to);
}

/* ---- What the server calls. */

static void opened(int fd, const char *path, int flags, int existed) {
  int writes = (flags & O_ACCMODE) != O_RDONLY;
  path_of[fd] = strdup(path);
  file_of[fd] = -1;
  if (!mirror || !writes) return;
  struct stat status;
  fstat(fd, &status);
  file_of[fd] = existed ? known_file(path, status.st_ino) : new_file(status.st_ino, path);
  if (existed && flags & O_TRUNC) files[file_of[fd]].whole = 1;
}

static int open_inside(int directory, const char *path, const char *in, int flags, mode_t mode) {
  struct stat status;
  pthread_mutex_lock(&lock);
  int existed = !fstatat(directory, path, &status, 0);
  if (!existed && flags & O_CREAT) about_to("create", in);
  int fd = syscall(SYS_openat, directory, path, flags, mode);
  int error = errno;
  if (fd >= 0 && fd < FDS) opened(fd, in, flags, existed);
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

#define MODE                          \
  mode_t mode = 0;                    \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list list;                     \
    va_start(list, flags);            \
    mode = va_arg(list, mode_t);      \
    va_end(list);                     \
  }

#define OPEN(name)                                                          \
  int name(const char *path, int flags, ...) {                              \
    MODE const char *in = inside(path);                                     \
    return in ? open_inside(AT_FDCWD, path, in, flags, mode)                \
              : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);      \
  }

#define OPENAT(name)                                                        \
  int name(int directory, const char *path, int flags, ...) {               \
    char buffer[PATH_MAX];                                                  \
    MODE const char *in = inside_at(directory, path, buffer);               \
    return in ? open_inside(directory, path, in, flags, mode)               \
              : (int)syscall(SYS_openat, directory, path, flags, mode);     \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

static int is_inside(int fd) { return active && fd >= 0 && fd < FDS && path_of[fd]; }

int close(int fd) {
  if (is_inside(fd)) {
    pthread_mutex_lock(&lock);
    free(path_of[fd]);
    path_of[fd] = NULL;
    file_of[fd] = 0;
    pthread_mutex_unlock(&lock);
  }
  return syscall(SYS_close, fd);
}

/* Does a write; by half, if the process is to end with it. */
#define WRITE(call_whole, call_half, at)                 \
  pthread_mutex_lock(&lock);                             \
  off_t from = at;                                       \
  if (is_fatal("write", path_of[fd])) {                  \
    if (call_half < 0) die("cannot write", path_of[fd]); \
    end_process();                                       \
  }                                                      \
  ssize_t count = call_whole;                            \
  int error = errno;                                     \
  wrote(fd, from, count);                                \
  pthread_mutex_unlock(&lock);                           \
  errno = error;                                         \
  return count;

static off_t place(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return lseek(fd, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (!is_inside(fd)) return syscall(SYS_write, fd, bytes, length);
  WRITE(syscall(SYS_write, fd, bytes, length), syscall(SYS_write, fd, bytes, length / 2), place(fd))
}

#define PWRITE(name)                                                           \
  ssize_t name(int fd, const void *bytes, size_t length, off_t offset) {       \
    if (!is_inside(fd)) return syscall(SYS_pwrite64, fd, bytes, length, offset); \
    WRITE(syscall(SYS_pwrite64, fd, bytes, length, offset),                    \
          syscall(SYS_pwrite64, fd, bytes, length / 2, offset), offset)        \
  }

PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t writev(int fd, const struct iovec *parts, int count_of_parts) {
  if (!is_inside(fd)) return syscall(SYS_writev, fd, parts, count_of_parts);
  WRITE(syscall(SYS_writev, fd, parts, count_of_parts),
        syscall(SYS_write, fd, parts[0].iov_base, parts[0].iov_len / 2), place(fd))
}

#define TRUNCATE(name)                                           \
  int name(int fd, off_t length) {                               \
    if (!is_inside(fd)) return syscall(SYS_ftruncate, fd, length); \
    pthread_mutex_lock(&lock);                                   \
    about_to("truncate", path_of[fd]);                           \
    int result = syscall(SYS_ftruncate, fd, length);             \
    int error = errno;                                           \
    if (file_of[fd] > 0) files[file_of[fd]].whole = 1;           \
    pthread_mutex_unlock(&lock);                                 \
    errno = error;                                               \
    return result;                                               \
  }

TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

/* The number in a file; 0 if there is none. */
static int number_in(const char *file) {
  char text[16] = "";
  int fd = file ? syscall(SYS_openat, AT_FDCWD, file, O_RDONLY, 0) : -1;
  if (fd < 0) return 0;
  syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  return atoi(text);
}

static void delay(void) {
  int millis = number_in(delay_file);
  if (millis > 0) usleep(millis * 1000);
}

#define FORCE(name, number)                          \
  int name(int fd) {                                 \
    if (!is_inside(fd)) return syscall(number, fd);  \
    delay();                                         \
    pthread_mutex_lock(&lock);                       \
    about_to("force", path_of[fd]);                  \
    int result = syscall(number, fd);                \
    int error = errno;                               \
    if (!result && mirror) forced(fd);               \
    pthread_mutex_unlock(&lock);                     \
    errno = error;                                   \
    return result;                                   \
  }

FORCE(fsync, SYS_fsync)
FORCE(fdatasync, SYS_fdatasync)

/* Names: the lock is held from before the operation until the mirror knows of it. */
#define NAME(operation, kind, path, other, call)          \
  pthread_mutex_lock(&lock);                              \
  about_to(operation, other ? other : path);              \
  int result = call;                                      \
  int error = errno;                                      \
  if (!result) done(kind, 0, path, other);                \
  pthread_mutex_unlock(&lock);                            \
  errno = error;                                          \
  return result;

/* A file that was there before is known by its old name before it gets a new one. */
static void know(const char *path, const char *in) {
  struct stat status;
  pthread_mutex_lock(&lock);
  if (mirror && !stat(path, &status) && S_ISREG(status.st_mode)) known_file(in, status.st_ino);
  pthread_mutex_unlock(&lock);
}

int rename(const char *from, const char *to) {
  const char *in = inside(from), *other = inside(to);
  if (!in || !other) return syscall(SYS_rename, from, to);
  know(from, in);
  NAME("rename", 'r', in, other, syscall(SYS_rename, from, to))
}

int renameat(int fd, const char *from, int other_fd, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  const char *in = inside_at(fd, from, a), *other = inside_at(other_fd, to, b);
  if (!in || !other) return syscall(SYS_renameat, fd, from, other_fd, to);
  NAME("rename", 'r', in, other, syscall(SYS_renameat, fd, from, other_fd, to))
}

int link(const char *from, const char *to) {
  const char *in = inside(from), *other = inside(to);
  if (!in || !other) return syscall(SYS_link, from, to);
  NAME("link", 'l', in, other, syscall(SYS_link, from, to))
}

int unlink(const char *path) {
  const char *in = inside(path), *none = NULL;
  if (!in) return syscall(SYS_unlink, path);
  NAME("delete", 'u', in, none, syscall(SYS_unlink, path))
}

int remove(const char *path) {
  struct stat status;
  return !lstat(path, &status) && S_ISDIR(status.st_mode) ? rmdir(path) : unlink(path);
}

int unlinkat(int fd, const char *path, int flags) {
  char buffer[PATH_MAX];
  const char *in = inside_at(fd, path, buffer), *none = NULL;
  if (!in) return syscall(SYS_unlinkat, fd, path, flags);
  NAME("delete", flags & AT_REMOVEDIR ? 'x' : 'u', in, none, syscall(SYS_unlinkat, fd, path, flags))
}

int rmdir(const char *path) {
  const char *in = inside(path), *none = NULL;
  if (!in) return syscall(SYS_rmdir, path);
  NAME("delete", 'x', in, none, syscall(SYS_rmdir, path))
}

int mkdir(const char *path, mode_t mode) {
  const char *in = inside(path), *none = NULL;
  if (!in) return syscall(SYS_mkdir, path, mode);
  NAME("mkdir", 'd', in, none, syscall(SYS_mkdir, path, mode))
}

/* ---- The clock, whose offset is looked up twice a second. */

static time_t ahead(const struct timespec *now) {
  static volatile long looked, offset;
  long half_second = now->tv_sec * 2 + now->tv_nsec / 500000000;
  if (clock_file && looked != half_second) {
    looked = half_second;
    offset = number_in(clock_file);
  }
  return offset;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = syscall(SYS_clock_gettime, clock, now);
  if (!result && clock == CLOCK_REALTIME) now->tv_sec += ahead(now);
  return result;
}

int gettimeofday(struct timeval *now, void *zone) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  now->tv_sec = time.tv_sec;
  now->tv_usec = time.tv_nsec / 1000;
  return 0;
}
