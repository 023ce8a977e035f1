// By bytes, as the kernel takes a path apart: to Swift, a slash with a combining mark behind it is no slash.

extension StringProtocol {
    /// Whether the path begins at the root.
    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// The names between the slashes, without empty ones.
    package var pathComponents: [String] {
        utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }
}
