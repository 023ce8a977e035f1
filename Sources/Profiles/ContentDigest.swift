package import Crypto

/// The SHA-256 of some bytes, written `sha256:` and 64 hexadecimal digits.
package struct ContentDigest: Hashable, Sendable, TextCodable {
    /// The digest in its written form.
    package let description: String

    /// Hashes the bytes.
    package init(of bytes: some Sequence<UInt8>) {
        var hash = SHA256()
        if bytes.withContiguousStorageIfAvailable({ unsafe hash.update(bufferPointer: UnsafeRawBufferPointer($0)) })
            == nil
        {
            hash.update(data: Array(bytes))
        }
        self.init(hash.finalize())
    }

    /// Takes over a digest that has been computed elsewhere.
    package init(_ digest: SHA256Digest) {
        let hex = digest.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }
        description = "sha256:" + hex.joined()
    }

    /// Reads the written form; nil if it is none.
    package init?(_ description: String) {
        let prefix = "sha256:"
        let digits = description.utf8.dropFirst(prefix.utf8.count)
        let isHexadecimal = digits.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        guard description.hasPrefix(prefix), digits.count == 64, isHexadecimal else { return nil }
        self.description = description
    }
}
