/// The nodes of a text in one row, in the order of the text: a key before its value, a list or mapping before what is
/// in it.
///
/// A node is known by its place in the row. None is an object of its own, and texts become a `String` only for who
/// asks, so that reading a file costs little more than finding its tokens. Other modules inline what is `@inlinable`
/// only in types that are `@usableFromInline`.
@usableFromInline package struct NodeTable: Hashable, Sendable {
    /// What a node is.
    @usableFromInline package enum Kind: Hashable, Sendable {
        case scalar(Node.Scalar.Style)
        case sequence(isFlow: Bool)
        case mapping(isFlow: Bool)
        /// Stands for another node. It has been refused; nothing more is to be said of it.
        case alias
    }

    /// A node in the row.
    @usableFromInline package struct Row: Hashable, Sendable {
        @usableFromInline package let kind: Kind
        /// Whether this is a key that has been refused, and so is passed over with its value.
        @usableFromInline package internal(set) var isPassedOver = false
        package private(set) var range: SourceRange
        @usableFromInline let lowerBound: UInt32
        @usableFromInline var upperBound: UInt32

        /// Of a scalar, the stretch of ``NodeTable/texts`` that holds its text; else the places of what is in it.
        @inlinable package var contents: Range<Int> {
            unsafe Range(uncheckedBounds: (Int(lowerBound), Int(upperBound)))
        }

        /// The place of the node that follows this one, which is at a place, and what is in it.
        @inlinable func placeBehind(_ place: Int) -> Int {
            switch kind {
            case .scalar, .alias: place + 1
            case .sequence, .mapping: contents.upperBound
            }
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
    @usableFromInline package internal(set) var rows: [Row] = []
    /// Where the texts of all scalars are found, in UTF-8: the file itself, and behind it those that do not stand there
    /// as they are: quotes removed, escapes resolved, lines folded.
    package internal(set) var texts: [UInt8]

    init(file: [UInt8]) {
        texts = file
    }

    /// The place of the node that follows this one and what is in it.
    package func place(behind place: Int) -> Int { rows[place].placeBehind(place) }

    /// Whether the scalar at a place has exactly this text.
    package func hasText(_ text: String, at place: Int) -> Bool {
        let contents = rows[place].contents
        guard contents.count == text.utf8.count else { return false }
        return texts.span.extracting(contents).elementsEqual(text.utf8.span)
    }

    /// Whether a scalar is at a place.
    @inlinable package func isScalar(at place: Int) -> Bool {
        if case .scalar = rows[place].kind { true } else { false }
    }

    /// The text of the scalar at a place.
    package func text(at place: Int) -> String { String(decoding: texts[rows[place].contents], as: UTF8.self) }

    /// The scalar at a place, as a value of its own; nil if another kind of node is there.
    package func scalar(at place: Int) -> Node.Scalar? {
        guard case .scalar(let style) = rows[place].kind else { return nil }
        return Node.Scalar(text: text(at: place), style: style, range: rows[place].range)
    }

    /// Whether the scalar at a place says "nothing"; see ``Node/Scalar/isNull``.
    package func isNull(at place: Int) -> Bool {
        rows[place].contents.count <= 4 && scalar(at: place)?.isNull ?? false
    }

    // MARK: Mappings

    /// The keys and values of the mapping at a place, without those that are passed over.
    package func entries(ofMappingAt place: Int) -> Entries {
        Entries(rows: rows, place: rows[place].contents.lowerBound, end: rows[place].contents.upperBound)
    }

    /// The place of a key's value in the mapping at a place; nil if there is no such key.
    package func value(of key: ShortText, inMappingAt place: Int) -> Int? {
        entries(ofMappingAt: place).first { entry, _ in index(ofKeyAt: entry, among: [key]) != nil }?.value
    }

    /// Which of some keys the one at a place is; nil if it is none of them.
    package func index(ofKeyAt place: Int, among keys: [ShortText]) -> Int? {
        guard let key = ShortText(texts.span, at: rows[place].contents) else { return nil }
        return keys.firstIndex(of: key)
    }

    /// The places of a mapping's keys and values.
    @usableFromInline package struct Entries: Sequence, IteratorProtocol {
        @usableFromInline let rows: [Row]
        @usableFromInline var place: Int
        @usableFromInline let end: Int

        fileprivate init(rows: [Row], place: Int, end: Int) {
            self.rows = rows
            self.place = place
            self.end = end
        }

        @inlinable package mutating func next() -> (key: Int, value: Int)? {
            while place < end {
                let key = place
                let value = rows[key].placeBehind(key)
                place = rows[value].placeBehind(value)
                if !rows[key].isPassedOver { return (key, value) }
            }
            return nil
        }
    }
}
