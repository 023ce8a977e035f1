import CLinux
import FileWatching
import Glibc

/// System calls by which programs save, one at a time.
enum RawFile {
    private static let temporaryFile: Int32 = 0o20000000 | O_DIRECTORY  // O_TMPFILE, which the toolchain hides

    static func check(_ result: Int32, _ call: String) throws {
        guard result >= 0 else { throw SystemError(call) }
    }

    static func open(_ path: String, _ flags: Int32) throws -> Descriptor {
        let number = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw SystemError("open") }
        return Descriptor(owning: number)
    }

    static func write(_ bytes: ArraySlice<UInt8>, to file: borrowing Descriptor) throws {
        let number = file.number
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw SystemError("write") }
    }

    static func write(_ bytes: [UInt8], toNew path: String, durably: Bool = false) throws {
        let file = try open(path, O_WRONLY | O_CREAT | O_TRUNC)
        try write(bytes[...], to: file)
        if durably { try check(fsync(file.number), "fsync") }
    }

    static func rename(_ from: String, _ to: String) throws {
        try check(unsafe Glibc.rename(from, to), "rename")
    }

    static func unlink(_ path: String) throws {
        try check(unsafe Glibc.unlink(path), "unlink")
    }

    static func link(_ from: String, _ to: String) throws {
        try check(unsafe Glibc.link(from, to), "link")
    }

    static func symlink(_ target: String, _ path: String) throws {
        try check(unsafe Glibc.symlink(target, path), "symlink")
    }

    /// Swaps two names.
    static func exchange(_ one: String, _ other: String) throws {
        try check(unsafe millm_rename_exchange(one, other), "renameat2")
    }

    /// Writes a file without a name in the folder, then gives it one.
    static func linkAnonymous(_ bytes: [UInt8], in folder: String, as path: String) throws {
        let file = try open(folder, O_WRONLY | temporaryFile)
        try write(bytes[...], to: file)
        let source = "/proc/self/fd/\(file.number)"
        try check(unsafe linkat(AT_FDCWD, source, AT_FDCWD, path, Int32(AT_SYMLINK_FOLLOW)), "linkat")
    }

    /// Writes through a shared mapping; the file gets the size first.
    static func writeMapped(_ bytes: [UInt8], to path: String, then: () -> Void = {}) throws {
        let file = try open(path, O_RDWR | O_CREAT)
        try check(ftruncate(file.number, off_t(bytes.count)), "ftruncate")
        let memory = unsafe mmap(nil, bytes.count, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { throw SystemError("mmap") }
        let half = bytes.count / 2
        unsafe UnsafeMutableRawBufferPointer(start: memory, count: half).copyBytes(from: bytes[..<half])
        then()
        unsafe UnsafeMutableRawBufferPointer(start: memory + half, count: bytes.count - half)
            .copyBytes(from: bytes[half...])
        try check(unsafe munmap(memory, bytes.count), "munmap")
    }

    /// Maps a file for writing, with no descriptor left, as long as the body runs.
    ///
    /// - Parameters:
    ///   - size: What the file gets, in bytes.
    ///   - body: Gets what writes into the mapping.
    static func mapping(
        _ size: Int,
        of path: String,
        _ body: (_ write: ([UInt8]) -> Void) async throws -> Void
    ) async throws {
        let number: Int
        do {
            let file = try open(path, O_RDWR)
            try check(ftruncate(file.number, off_t(size)), "ftruncate")
            let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0)
            guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { throw SystemError("mmap") }
            number = Int(bitPattern: memory)
        }
        defer { _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: number), size) }
        try await body { bytes in
            guard let memory = unsafe UnsafeMutableRawPointer(bitPattern: number) else { return }
            unsafe UnsafeMutableRawBufferPointer(start: memory, count: size).copyBytes(from: bytes.prefix(size))
        }
    }
}
