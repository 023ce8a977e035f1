// What Linux offers and the toolchain's Glibc module does not show: some headers have no place in its module
// map, the rest stands behind _GNU_SOURCE.

#pragma once

#include <linux/stat.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/// The commands of fcntl(2) that place a lease and choose the signal that tells when it is broken.
static const int millm_f_setlease = 1024;
static const int millm_f_setsig = 10;

/// The commands of fcntl(2) that ask for and set a lock that belongs to the opening, not to the process.
static const int millm_f_ofd_getlk = 36;
static const int millm_f_ofd_setlk = 37;

/// The file's status with its birth time; like statx(2).
static inline int millm_statx(int directory, const char *name, int flags, unsigned int mask, struct statx *status) {
    return (int)syscall(SYS_statx, directory, name, flags, mask, status);
}

/// Renames, but fails with EEXIST instead of replacing a file; like renameat2(2) with RENAME_NOREPLACE.
static inline int millm_rename_without_replacing(int directory, const char *from, const char *to) {
    const unsigned int rename_noreplace = 1;
    return (int)syscall(SYS_renameat2, directory, from, directory, to, rename_noreplace);
}

/// Exchanges two names in one step; like renameat2(2) with RENAME_EXCHANGE.
static inline int millm_rename_exchanging(int directory, const char *one, const char *other) {
    const unsigned int rename_exchange = 2;
    return (int)syscall(SYS_renameat2, directory, one, directory, other, rename_exchange);
}

/// Swaps two names; like renameat2(2) with RENAME_EXCHANGE.
static inline int millm_rename_exchange(const char *one, const char *other) {
    const unsigned int rename_exchange = 2;
    const int working_directory = -100; // AT_FDCWD
    return (int)syscall(SYS_renameat2, working_directory, one, working_directory, other, rename_exchange);
}

// Extended attributes; like the functions of the same names. Their own header would bring struct stat along.

static inline long millm_flistxattr(int file, char *names, unsigned long size) {
    return syscall(SYS_flistxattr, file, names, size);
}

static inline long millm_fgetxattr(int file, const char *name, void *value, unsigned long size) {
    return syscall(SYS_fgetxattr, file, name, value, size);
}

static inline long millm_fremovexattr(int file, const char *name) {
    return syscall(SYS_fremovexattr, file, name);
}

static inline long millm_fsetxattr(int file, const char *name, const void *value, unsigned long size) {
    return syscall(SYS_fsetxattr, file, name, value, size, 0);
}
