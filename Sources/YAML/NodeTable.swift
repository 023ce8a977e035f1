/// The nodes of a text in one row, in the order of the text: a key before its value, a list or mapping before what is
/// in it.
///
/// A node is known by its place in the row. None is an object of its own, and texts become a `String` only for who
/// asks, so that reading a file costs little more than finding its tokens.
package struct NodeTable: Hashable, Sendable {
    /// What a node is.
    package enum Kind: Hashable, Sendable {
        case scalar(Node.Scalar.Style)
        case sequence(isFlow: Bool)
        case mapping(isFlow: Bool)
        /// Stands for another node. It has been refused; nothing more is to be said of it.
        case alias
    }

    /// A node in the row.
    package struct Row: Hashable, Sendable {
        package let kind: Kind
        /// Whether this is a key that has been refused, and so is passed over with its value.
        package internal(set) var isPassedOver = false
        package private(set) var range: SourceRange
        @usableFromInline let lowerBound: UInt32
        @usableFromInline var upperBound: UInt32

        /// Of a scalar, the stretch of ``NodeTable/texts`` that holds its text; else the places of what is in it.
        @inlinable package var contents: Range<Int> {
            unsafe Range(uncheckedBounds: (Int(lowerBound), Int(upperBound)))
        }

        init(_ kind: Kind, range: SourceRange, contents: Range<Int>) {
            self.kind = kind
            self.range = range
            lowerBound = UInt32(truncatingIfNeeded: contents.lowerBound)
            upperBound = UInt32(truncatingIfNeeded: contents.upperBound)
        }

        /// A list or mapping whose end is not known yet.
        ///
        /// - Parameter holder: The place of the one that it is in, which is asked for until it is closed; -1 for none.
        init(opening kind: Kind, at start: SourcePosition, place: Int, inside holder: Int) {
            self.kind = kind
            range = SourceRange(start, start)
            lowerBound = UInt32(truncatingIfNeeded: place + 1)
            upperBound = UInt32(truncatingIfNeeded: holder + 1)
        }

        /// Of a list or mapping that is open, the place of the one that it is in.
        var holder: Int { Int(upperBound) - 1 }

        /// Tells where a list or mapping ends, in the text and in the row.
        mutating func close(at end: SourcePosition, beforePlace place: Int) {
            range = SourceRange(range.start, end)
            upperBound = UInt32(truncatingIfNeeded: place)
        }
    }

    /// The nodes.
    package internal(set) var rows: [Row] = []
    /// Where the texts of all scalars are found, in UTF-8: the file itself, and behind it those that do not stand there
    /// as they are: quotes removed, escapes resolved, lines folded.
    package internal(set) var texts: [UInt8]

    init(file: [UInt8]) {
        texts = file
    }

    /// The place of the node that follows this one and what is in it.
    @inlinable package func place(behind place: Int) -> Int {
        switch rows[place].kind {
        case .scalar, .alias: place + 1
        case .sequence, .mapping: rows[place].contents.upperBound
        }
    }

    /// Whether the scalar at a place has exactly this text.
    package func hasText(_ text: String, at place: Int) -> Bool {
        let contents = rows[place].contents
        guard contents.count == text.utf8.count else { return false }
        return texts.span.extracting(contents).elementsEqual(text.utf8.span)
    }

    /// The scalar at a place, as a value of its own; nil if another kind of node is there.
    package func scalar(at place: Int) -> Node.Scalar? {
        guard case .scalar(let style) = rows[place].kind else { return nil }
        let text = String(decoding: texts[rows[place].contents], as: UTF8.self)
        return Node.Scalar(text: text, style: style, range: rows[place].range)
    }

    // MARK: Mappings

    /// The keys and values of the mapping at a place, without those that are passed over.
    package func entries(ofMappingAt place: Int) -> Entries {
        Entries(table: self, place: rows[place].contents.lowerBound, end: rows[place].contents.upperBound)
    }

    /// The place of a key's value in the mapping at a place; nil if there is no such key.
    package func value(of key: ShortText, inMappingAt place: Int) -> Int? {
        entries(ofMappingAt: place).first { entry, _ in
            rows[entry].contents.count == key.count && shortText(at: entry) == key
        }?.value
    }

    /// The text of the scalar at a place; nil if it is too long.
    package func shortText(at place: Int) -> ShortText? {
        ShortText(texts.span.extracting(rows[place].contents))
    }

    /// The places of a mapping's keys and values.
    package struct Entries: Sequence, IteratorProtocol {
        @usableFromInline let table: NodeTable
        @usableFromInline var place: Int
        @usableFromInline let end: Int

        fileprivate init(table: NodeTable, place: Int, end: Int) {
            self.table = table
            self.place = place
            self.end = end
        }

        @inlinable package mutating func next() -> (key: Int, value: Int)? {
            while place < end {
                let key = place
                let value = table.place(behind: key)
                place = table.place(behind: value)
                if !table.rows[key].isPassedOver { return (key, value) }
            }
            return nil
        }
    }
}
