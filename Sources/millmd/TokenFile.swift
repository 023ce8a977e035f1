import ArgumentParser
import Glibc
import HTTPAPI

/// A file that holds a token and that nobody else may read.
struct TokenFile {
    /// Tokens are short; what is longer is some other file.
    private static let sizeLimit = 4096

    let path: String

    /// Reads the token, and checks the very file that it is read from.
    ///
    /// - Throws: `ValidationError` if the file cannot be read, is not secret, or holds no token.
    func token() throws -> BearerToken {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ValidationError("The token file '\(path)' is no file.") }
        guard status.st_mode & 0o077 == 0 else {
            throw ValidationError("Others may read the token file '\(path)'. Run: chmod 600 '\(path)'")
        }
        var bytes = [UInt8](repeating: 0, count: Self.sizeLimit + 1)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw unreadable(errno) }
        return try token(in: bytes.prefix(count))
    }

    private func token(in bytes: ArraySlice<UInt8>) throws -> BearerToken {
        guard bytes.count <= Self.sizeLimit else {
            throw ValidationError("The token file '\(path)' is larger than \(Self.sizeLimit) bytes.")
        }
        let space = Set(" \t\r\n".utf8)
        let text = Array(bytes.drop { space.contains($0) }.reversed().drop { space.contains($0) }.reversed())
        guard text.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("The token in '\(path)' must be one word of visible ASCII characters.")
        }
        guard let token = BearerToken(String(decoding: text, as: UTF8.self)) else {
            throw ValidationError("The token file '\(path)' is empty.")
        }
        return token
    }

    private func unreadable(_ code: Int32) -> ValidationError {
        ValidationError("The token file '\(path)' cannot be read: \(unsafe String(cString: strerror(code))).")
    }
}
