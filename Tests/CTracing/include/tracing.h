// Runs a program and ends it right before one of its system calls, as a power cut would.

#pragma once

#include <stdbool.h>

/// Which system calls are counted.
enum tracing_scope {
    /// Every one, of every thread, from the program's start on.
    tracing_every_call = 0,
    /// Those that can change a file, a directory or a lock below one of the folders, and those that claim a name.
    tracing_changes = 1,
};

/// How the program came to its end.
struct tracing_result {
    /// The status as waitpid(2) gives it.
    int status;
    /// How many system calls were counted.
    long calls;
    /// Whether it was killed; else it came to its own end first.
    bool was_killed;
    /// The number of the system call before which it was killed; -1 if it was not.
    long call;
};

/// Runs a program to its end, or up to its n-th counted system call, which is not made.
///
/// The calling thread waits. Standard input is empty; standard output and error go to a file.
///
/// - Parameters:
///   - arguments: The program's absolute path and its arguments, ended by NULL.
///   - environment: `NAME=value`, ended by NULL.
///   - output: The file for standard output and error.
///   - folders: Absolute paths, ended by NULL; for `tracing_changes`.
///   - n: From 1; 0 kills nothing.
/// - Returns: 0, or the value of errno.
int tracing_run(
    const char *const arguments[], const char *const environment[], const char *output,
    const char *const folders[], enum tracing_scope scope, long n, struct tracing_result *result
);
