extension Span<UInt8> {
    /// Whether the bytes are the same.
    func elementsEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index < count, self[index] == other[index] { index &+= 1 }
        return index == count
    }
}
