import Glibc

/// A file descriptor with one owner, who closes it by going away.
package struct Descriptor: ~Copyable, Sendable {
    /// The number that system calls take. It is valid as long as the owner lives.
    package let number: Int32

    /// Takes over an open descriptor.
    package init(owning number: Int32) {
        precondition(number >= 0, "no descriptor")
        self.number = number
    }

    deinit {
        // Nothing can be done about a failure here: the number is free again in any case.
        _ = close(number)
    }
}

/// A system call that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name.
    package let call: String
    /// The value of `errno`.
    package let code: Int32

    package init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    /// Takes the calling thread's `errno`; to be made right behind the call.
    package init(_ call: String) {
        self.init(call, errno)
    }

    /// `open: Permission denied`.
    package var description: String {
        var text = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(code, &text, text.count) == 0 else { return "\(call): error \(code)" }
        let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return "\(call): \(String(decoding: bytes, as: UTF8.self))"
    }
}
