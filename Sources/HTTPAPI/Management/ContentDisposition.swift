/// The value of `Content-Disposition` for a file to save, by RFC 6266.
struct ContentDisposition {
    /// A name that every file system takes.
    let fileName: String

    /// - Parameter name: Any name; what some system cannot have in a file's name, or what turns the direction of
    ///   writing, becomes `_`.
    init(saving name: String) {
        fileName = String(
            String.UnicodeScalarView(name.unicodeScalars.map { Self.isUnsafe($0) ? "_" : $0 })
        )
    }

    /// The header's value: for old clients the name in ASCII, for all others in UTF-8 (RFC 8187).
    var headerValue: String {
        let ascii = fileName.map { $0.isASCII && $0 != "%" ? $0 : "_" }
        let plain = "attachment; filename=\"\(String(ascii))\""
        guard String(ascii) != fileName else { return plain }
        return plain + "; filename*=UTF-8''" + fileName.utf8.map(Self.encoded).joined()
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if "/\\:*?\"<>|".unicodeScalars.contains(scalar) || scalar.properties.generalCategory == .control {
            return true
        }
        return switch scalar.value {
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// A byte as RFC 8187's `attr-char`, or percent-encoded.
    private static func encoded(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            String(UnicodeScalar(byte))
        case _ where "!#$&+-.^_`|~".utf8.contains(byte): String(UnicodeScalar(byte))
        default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
}
