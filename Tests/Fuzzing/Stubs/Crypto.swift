// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// Stands in for swift-crypto while fuzzing: nothing that is fuzzed hashes, and BoringSSL takes minutes to build.

public struct SHA256Digest: Sequence {
    public func makeIterator() -> AnyIterator<UInt8> { AnyIterator { nil } }
}

public struct SHA256 {
    public init() {}
    public mutating func update(bufferPointer: UnsafeRawBufferPointer) {}
    public mutating func update(data: [UInt8]) {}
    public func finalize() -> SHA256Digest { SHA256Digest() }
}
