/// A value of a YAML text with the place where it stands.
///
/// Keys and values keep their source text and style; what type a scalar has is for the reader to decide,
/// who knows what is wanted.
@usableFromInline package enum Node: Hashable, Sendable {
    case scalar(Scalar)
    case sequence(Sequence)
    case mapping(Mapping)

    /// The stretch from the value's first byte to its last, without comments and white space around it.
    package var range: SourceRange {
        switch self {
        case .scalar(let scalar): scalar.range
        case .sequence(let sequence): sequence.range
        case .mapping(let mapping): mapping.range
        }
    }
}

extension Node {
    /// Text.
    @usableFromInline package struct Scalar: Hashable, Sendable {
        /// How the text is written.
        @usableFromInline package enum Style: Hashable, Sendable {
            case plain, singleQuoted, doubleQuoted, literal, folded
        }

        /// The text itself: quotes removed, escapes resolved, lines folded.
        package var text: String
        package var style: Style
        /// The quotes or the block's header are part of it; the line break behind a block is not.
        /// Empty, and behind the colon, for a value that is left out.
        package var range: SourceRange

        package init(text: String, style: Style, range: SourceRange) {
            self.text = text
            self.style = style
            self.range = range
        }

        /// Whether this is YAML's way to say "nothing": left out, `~` or `null`.
        package var isNull: Bool {
            guard style == .plain, text.utf8.count <= 4 else { return false }
            return switch text {
            case "", "~", "null", "Null", "NULL": true
            default: false
            }
        }
    }

    /// Values in a row.
    @usableFromInline package struct Sequence: Hashable, Sendable {
        package var items: [Node]
        /// Whether it is written in brackets.
        package var isFlow: Bool
        package var range: SourceRange
    }

    /// Keys with values, in the order of the text. A key that is repeated is left out the second time.
    @usableFromInline package struct Mapping: Hashable, Sendable {
        package struct Entry: Hashable, Sendable {
            package var key: Scalar
            package var value: Node

            package init(key: Scalar, value: Node) {
                self.key = key
                self.value = value
            }
        }

        package var entries: [Entry]
        /// Whether it is written in braces.
        package var isFlow: Bool
        package var range: SourceRange

        /// The entry with this key; nil if there is none.
        ///
        /// - Complexity: O(entries).
        package func entry(_ key: String) -> Entry? {
            entries.first { $0.key.text == key }
        }
    }
}
