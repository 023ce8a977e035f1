#define _GNU_SOURCE
#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/// Where a system call names the file that it changes; what makes a name that is no file's changes something always.
enum place {
    place_none,
    place_always,
    place_first_descriptor,
    place_second_descriptor,
    place_third_descriptor,
    place_first_path,
    place_second_path,
    place_open,
};

static enum place place_of(unsigned long number) {
    switch (number) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_pwritev:
    case SYS_ftruncate:
    case SYS_fallocate:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_flock:
    case SYS_fchmod:
    case SYS_fchown:
    case SYS_mkdirat:
    case SYS_unlinkat:
    case SYS_utimensat:
    case SYS_close:
#ifdef SYS_renameat
    case SYS_renameat:
#endif
    case SYS_renameat2:
        return place_first_descriptor;
    case SYS_bind:
    case SYS_listen:
        return place_always;
    case SYS_symlinkat:
        return place_second_descriptor;
    case SYS_linkat:
    case SYS_copy_file_range:
        return place_third_descriptor;
    case SYS_openat:
        return place_open;
#ifdef SYS_rename
    case SYS_rename:
    case SYS_unlink:
    case SYS_mkdir:
    case SYS_rmdir:
    case SYS_chmod:
        return place_first_path;
    case SYS_link:
    case SYS_symlink:
        return place_second_path;
#endif
    default:
        return place_none;
    }
}

/// Whether a path lies in one of the folders.
static bool is_below(const char *path, const char *const folders[]) {
    for (int index = 0; folders[index] != NULL; index++) {
        size_t length = strlen(folders[index]);
        if (strncmp(path, folders[index], length) == 0 && (path[length] == '/' || path[length] == '\0')) return true;
    }
    return false;
}

/// Reads a text from the memory of a program that stands still.
static bool read_text(pid_t thread, unsigned long address, char *text, size_t size) {
    for (size_t offset = 0; offset + sizeof(long) < size; offset += sizeof(long)) {
        errno = 0;
        long word = ptrace(PTRACE_PEEKDATA, thread, (void *)(address + offset), NULL);
        if (errno != 0) return false;
        memcpy(text + offset, &word, sizeof word);
        if (memchr(&word, 0, sizeof word) != NULL) return true;
    }
    return false;
}

static bool names_descriptor_below(pid_t thread, unsigned long number, const char *const folders[]) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)thread, (int)number);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count < 0) return false;
    path[count] = '\0';
    return is_below(path, folders);
}

static bool names_path_below(pid_t thread, unsigned long address, const char *const folders[]) {
    char path[PATH_MAX + sizeof(long)];
    return read_text(thread, address, path, sizeof path) && is_below(path, folders);
}

static bool is_change(pid_t thread, const struct __ptrace_syscall_info *info, const char *const folders[]) {
    const uint64_t *arguments = info->entry.args;
    switch (place_of(info->entry.nr)) {
    case place_none:
        return false;
    case place_always:
        return true;
    case place_first_descriptor:
        return names_descriptor_below(thread, arguments[0], folders);
    case place_second_descriptor:
        return names_descriptor_below(thread, arguments[1], folders);
    case place_third_descriptor:
        return names_descriptor_below(thread, arguments[2], folders);
    case place_first_path:
        return names_path_below(thread, arguments[0], folders);
    case place_second_path:
        return names_path_below(thread, arguments[1], folders);
    case place_open:
        if ((arguments[2] & (O_CREAT | O_TRUNC)) == 0) return false;
        return names_descriptor_below(thread, arguments[0], folders) || names_path_below(thread, arguments[1], folders);
    }
    return false;
}

static void become(const char *const arguments[], const char *const environment[], const char *output) {
    int input = open("/dev/null", O_RDONLY);
    int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (input < 0 || file < 0 || dup2(input, 0) < 0 || dup2(file, 1) < 0 || dup2(file, 2) < 0) _exit(126);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(126);
    raise(SIGSTOP);
    execve(arguments[0], (char *const *)arguments, (char *const *)environment);
    _exit(127);
}

int tracing_run(
    const char *const arguments[], const char *const environment[], const char *output,
    const char *const folders[], enum tracing_scope scope, long n, struct tracing_result *result
) {
    *result = (struct tracing_result){.call = -1};
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) become(arguments, environment, output);

    int status;
    if (waitpid(child, &status, __WALL) != child) return errno;
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
        | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, child, NULL, options) != 0) return errno;
    bool has_begun = false;
    pid_t thread = child;
    long signal_to_pass = 0;
    while (true) {
        // It fails if the thread has been killed, which the next wait tells.
        ptrace(PTRACE_SYSCALL, thread, NULL, signal_to_pass);
        signal_to_pass = 0;
        // Only what this thread traces: the rest of the process has children of its own.
        thread = waitpid(-1, &status, __WALL | __WNOTHREAD);
        if (thread < 0) return errno == ECHILD ? 0 : errno;
        if (thread == child && (WIFEXITED(status) || WIFSIGNALED(status))) result->status = status;
        if (!WIFSTOPPED(status)) continue;
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) has_begun = true;
        if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
            bool is_own = WSTOPSIG(status) == SIGTRAP || WSTOPSIG(status) == SIGSTOP;
            if (!is_own) signal_to_pass = WSTOPSIG(status);
            continue;
        }
        struct __ptrace_syscall_info info;
        if (!has_begun || result->was_killed) continue;
        if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) continue;
        if (info.op != PTRACE_SYSCALL_INFO_ENTRY) continue;
        if (scope == tracing_changes && !is_change(thread, &info, folders)) continue;
        result->calls++;
        if (result->calls != n) continue;
        result->was_killed = true;
        result->call = (long)info.entry.nr;
        kill(child, SIGKILL);
    }
}
