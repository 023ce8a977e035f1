/// Why a text is not accepted as YAML, and where.
package struct YAMLError: Error, Hashable, Sendable {
    /// What callers branch on.
    package enum Code: Hashable, Sendable, CaseIterable {
        /// libyaml cannot make sense of the text.
        case syntax
        /// A byte sequence that is no UTF-8, or the byte order mark of another encoding.
        case notUTF8
        /// More than ``Limits/bytes``.
        case tooLarge
        /// Deeper than ``Limits/depth``.
        case tooDeep
        /// More than ``Limits/nodes``.
        case tooManyNodes
        /// Nothing but white space, comments and document marks.
        case empty
        case severalDocuments
        case anchor
        case alias
        case tag
        case mergeKey
        case duplicateKey
        /// A character that YAML does not allow in a file.
        case controlCharacter
        /// `%TAG`, an unknown directive or an unknown version of YAML.
        case directive
        /// A mapping key that is a sequence or a mapping.
        case complexKey
        /// An escape in double quotes that stands for no character.
        case escape
        /// More than ``Limits/marks``.
        case tooManyMarks
        /// libyaml got no memory.
        case outOfMemory
    }

    /// A second place that explains the error.
    package struct Related: Hashable, Sendable {
        package let message: String
        package let range: SourceRange

        package init(message: String, range: SourceRange) {
            self.message = message
            self.range = range
        }
    }

    package let code: Code
    /// What is wrong, as a sentence fragment without a full stop.
    package let message: String
    package let range: SourceRange
    package let related: [Related]
    /// What to do, as an imperative fragment, if more can be said than for every error of the kind.
    package let help: String?

    package init(
        _ code: Code,
        _ message: String,
        at range: SourceRange,
        related: [Related] = [],
        help: String? = nil
    ) {
        self.code = code
        self.message = message
        self.range = range
        self.related = related
        self.help = help
    }

    /// What begins with `{{` or `{%`, for a program to replace.
    static func placeholder(_ code: Code, at range: SourceRange) -> YAMLError {
        YAMLError(
            code,
            "this is a placeholder of a template",
            at: range,
            help: "write what the template shall give; a profile has no placeholders"
        )
    }
}
