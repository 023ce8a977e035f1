import Foundation
import Glibc
import MillmTesting
import Profiles
import Synchronization
import Testing

@testable import FileWatching
@testable import ProfileDirectory

/// A profile directory inside a temporary one, so that tests can put things outside, too.
struct TestDirectory {
    let root: String
    let path: String

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    }

    func text(of name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    func target(of name: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: path + "/" + name)
    }

    var names: Set<String> {
        get throws { Set(try FileManager.default.contentsOfDirectory(atPath: path)) }
    }

    // What takes a handle, which cannot be copied, is done here, and not in the tests' closures.

    func status(of name: String) throws -> FileStatus {
        try FileStatus(of: name, in: DirectoryHandle(path).descriptor)
    }

    func read(_ name: String) throws -> StableRead {
        try StableRead(name, in: DirectoryHandle(path))
    }

    var activeLink: ActiveLink {
        get throws { try ActiveLink(in: DirectoryHandle(path)) }
    }

    func setActive(_ fileName: String) throws {
        try ActiveLink.set(fileName, in: DirectoryHandle(path))
    }

    func removeActive(_ trace: String) throws -> Bool {
        try ActiveLink.remove(trace, in: DirectoryHandle(path))
    }

    /// The names of this program's own that lie around.
    var leftovers: Set<String> {
        get throws { try names.filter { $0.hasPrefix(ProfileFileName.temporaryPrefix) } }
    }
}

/// Runs the body with an empty profile directory.
func withProfiles<Result>(_ body: (TestDirectory) async throws -> Result) async throws -> Result {
    try await withTemporaryDirectory { root in
        let path = root + "/profiles"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return try await body(TestDirectory(root: root, path: path))
    }
}

func profileText(_ name: String, strength: Double = 1.5) -> String {
    "version: 1\nname: \(name)\nsteering:\n  7: \(strength)\n"
}

/// Runs the body and requires a ``ProfileError`` with the code.
@discardableResult
func expectError(
    _ code: ProfileError.Code,
    sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async throws -> ProfileError {
    do {
        try await body()
    } catch let error as ProfileError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    }
    Issue.record("no error, where \(code.rawValue) was expected", sourceLocation: sourceLocation)
    throw CancellationError()
}

/// Told by one task, asked by another.
final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    func set() {
        value.withLock { $0 = true }
    }
}
