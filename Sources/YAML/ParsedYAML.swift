/// A YAML text, read: the tree of its one document, and everything about it that is not accepted.
///
/// ```swift
/// let parsed = ParsedYAML(Array("layer: 15\nlayer: 12\n".utf8))
/// parsed.errors.map(\.message)  // ["duplicate key 'layer'"]
/// ```
package struct ParsedYAML: Hashable, Sendable {
    /// The document's value; nil if the text could not be read to its end.
    package let root: Node?
    /// What is not accepted, in the order of the text, at most ``Limits/findings``. With a root, the tree is
    /// what remains when these are passed over.
    package let errors: [YAMLError]

    /// Reads a text.
    ///
    /// Time and memory are bounded by ``Limits`` whatever the bytes are, and the stack does not grow with them.
    package init(_ bytes: [UInt8]) {
        do {
            let scan = try SourceScan(bytes)
            let hasMark = bytes.starts(with: SourceScan.byteOrderMark)
            let text = hasMark ? Array(bytes.dropFirst(SourceScan.byteOrderMark.count)) : bytes
            let substitution = scan.needsSubstitution ? Substitution(for: text) : nil
            var builder = TreeBuilder(bytes, isASCII: scan.isASCII, substitution: substitution)
            root = builder.build(from: substitution?.hide(text) ?? text)
            errors = builder.errors
        } catch {
            root = nil
            errors = [error]
        }
    }
}
