/// A YAML text, read: the nodes of its one document, and everything about it that is not accepted.
///
/// ```swift
/// let parsed = ParsedYAML(Array("layer: 15\nlayer: 12\n".utf8))
/// parsed.errors.map(\.message)  // ["duplicate key 'layer'"]
/// ```
package struct ParsedYAML: Hashable, Sendable {
    /// The document's nodes, its value first; nil if the text could not be read to its end.
    package let table: NodeTable?
    /// What is not accepted, in the order of the text, at most ``Limits/findings``. With a table, it holds what
    /// remains when these are passed over.
    package let errors: [YAMLError]
    /// How many more there are.
    package let errorsLeftOut: Int

    /// The document's value as a tree; nil if the text could not be read to its end.
    ///
    /// - Complexity: O(nodes), each time.
    package var root: Node? { table?.tree }

    /// Reads a text.
    ///
    /// Time and memory are bounded by ``Limits`` whatever the bytes are, and the stack does not grow with them.
    package init(_ bytes: [UInt8]) {
        do throws(YAMLError) {
            let scan = try SourceScan(bytes)
            let substitution = scan.needsSubstitution ? Substitution(for: bytes) : nil
            let text = bytes[scan.startOfContent.offset...]
            let parsed = EventParser.read(substitution?.hide(text) ?? text) { parser in
                var builder = TableBuilder(scan, substitution)
                return builder.build(from: &parser)
            }
            guard let parsed else {
                throw YAMLError(.outOfMemory, "not enough memory", at: SourceRange(.start, .start))
            }
            self = parsed
        } catch {
            self.init(table: nil, errors: [error], errorsLeftOut: 0)
        }
    }

    init(table: NodeTable?, errors: [YAMLError], errorsLeftOut: Int) {
        self.table = table
        self.errors = errors
        self.errorsLeftOut = errorsLeftOut
    }
}
