/// Writes text as a YAML scalar on one line, with no more quotes than it needs.
package enum ScalarText {
    /// Where the scalar will stand.
    package enum Context: Hashable, Sendable {
        /// Behind `key: ` on a line of its own.
        case block
        /// Inside brackets or braces.
        case flow
        /// In a file that is also JSON: double quotes, and only JSON's escapes.
        case json
    }

    /// The text as a scalar.
    ///
    /// Text that some reader of YAML would take for a number, a truth value or nothing is quoted as well.
    ///
    /// - Parameters:
    ///   - text: Any text, line breaks and control characters included.
    ///   - style: The style to use if the text allows it.
    package static func write(
        _ text: String,
        preferring style: Node.Scalar.Style = .plain,
        in context: Context = .block
    ) -> String {
        guard context != .json else { return doubleQuoted(text) }
        let isPrintable = text.unicodeScalars.allSatisfy(isPrintable)
        return switch style {
        case .singleQuoted where isPrintable: singleQuoted(text)
        case .plain, .literal, .folded:
            if isPrintable, isPlainSafe(text, inFlow: context == .flow) {
                text
            } else if isPrintable, text.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" }) {
                singleQuoted(text)
            } else {
                doubleQuoted(text)
            }
        case .singleQuoted, .doubleQuoted: doubleQuoted(text)
        }
    }

    /// The text as a literal block (`|`), without a line break behind the last line.
    ///
    /// - Parameters:
    ///   - indentation: Spaces before each line, at least one.
    ///   - lineBreak: What ends a line in the file.
    /// - Returns: nil if a literal block cannot hold the text as it is.
    package static func literalBlock(_ text: String, indentation: Int, lineBreak: String) -> String? {
        let chomped = text.hasSuffix("\n") ? String(text.unicodeScalars.dropLast()) : text
        let lines = chomped.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let isWritable = lines.joined().allSatisfy { isPrintable($0) || $0 == "\t" }
        guard isWritable, let first = lines.first?.first, first != " ", first != "\t",
            let last = lines.last, last.contains(where: { $0 != " " && $0 != "\t" })
        else { return nil }
        let margin = String(repeating: " ", count: indentation)
        let written = lines.map { $0.isEmpty ? "" : margin + String($0) }
        return ([text == chomped ? "|-" : "|"] + written).joined(separator: lineBreak)
    }

    private static func singleQuoted(_ text: String) -> String {
        "'" + text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
    }

    /// Escapes as JSON does, which YAML understands too.
    private static func doubleQuoted(_ text: String) -> String {
        "\"" + text.unicodeScalars.map(escape).joined() + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case _ where isPrintable(scalar): return String(scalar)
        default:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }

    /// Whether a YAML file may hold the character as it is, inside a line.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
        default: false
        }
    }

    private static func isPlainSafe(_ text: String, inFlow: Bool) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, first != " ", last != " ", last != ":",
            !"-?:,[]{}#&*!|>'\"%@`=<".unicodeScalars.contains(first), !couldBeAnotherType(text)
        else { return false }
        var previous: Unicode.Scalar = " "
        for scalar in scalars {
            if previous == ":", scalar == " " || inFlow && ",[]{}".unicodeScalars.contains(scalar) { return false }
            if previous == " ", scalar == "#" { return false }
            if inFlow, ",[]{}\"".unicodeScalars.contains(scalar) { return false }
            previous = scalar
        }
        return true
    }

    /// Whether YAML 1.1 or 1.2 would read the text as a number, a time, a truth value or nothing.
    private static func couldBeAnotherType(_ text: String) -> Bool {
        switch text.lowercased() {
        case "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n": return true
        default: break
        }
        guard let first = text.unicodeScalars.first, "+-.0123456789".unicodeScalars.contains(first) else {
            return false
        }
        return text.unicodeScalars.allSatisfy { "+-._:0123456789abcdefABCDEFoxXOinINTZtz ".unicodeScalars.contains($0) }
    }
}
