/// What libyaml says when it cannot go on.
struct ParserFailure: Error {
    /// libyaml's words, such as `could not find expected ':'`.
    var problem: String
    /// The scalar at which it gave up.
    var mark: Int
    /// What it was doing, such as `while scanning a simple key`, and since which scalar.
    var context: String
    var contextMark: Int
    /// Whether memory is what was missing.
    var isOutOfMemory: Bool

    /// The same, where so many more scalars stand before the text.
    func moved(by scalars: Int) -> ParserFailure {
        var moved = self
        moved.mark += scalars
        moved.contextMark += scalars
        return moved
    }
}
