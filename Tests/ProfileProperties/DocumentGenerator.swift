package import Profiles
import YAML

/// Writes profiles as people and programs may have written them: any version, order, quotes, indentation, comments,
/// block or flow style, line endings, with a byte order mark or without a last line break.
package struct DocumentGenerator {
    package var values: ProfileGenerator
    private var commentCount = 0

    package init(seed: UInt64) {
        values = ProfileGenerator(seed: seed)
    }

    enum Style { case block, flow, json }

    /// A value as it stands behind its key.
    struct Value {
        /// What stands on the key's line.
        var head: String
        /// The lines below, indented against the key's line.
        var lines: [String] = []
        /// Whether a comment may follow on the last line.
        var takesNote = true
        /// Whether what follows must not be indented, to be no part of it.
        var isBlock = false
    }

    typealias Entry = (key: String, value: Value)

    /// A file that holds the profile.
    package mutating func document(_ profile: Profile) -> [UInt8] {
        let format = values.pick([
            DecodedProfile.Format.version1, .version1, .version1, .version0, .millmFlat, .millmEnvelope,
        ])
        let style = values.pick([Style.block, .block, .block, .flow, .json])
        let fields = values.shuffled(entries(of: profile, format, style))
        let lines = style == .block ? blockDocument(fields, format) : flowDocument(fields, format, style)
        return encoded(lines, takesMarks: style != .json)
    }

    private mutating func encoded(_ lines: [String], takesMarks: Bool) -> [UInt8] {
        var lines = lines
        if takesMarks, values.chance(0.1) { lines.insert("---", at: 0) }
        if takesMarks, values.chance(0.05) { lines.insert("%YAML 1.2", at: 0) }
        if lines[0].hasPrefix("%"), lines[1] != "---" { lines.insert("--- # start", at: 1) }
        let lineBreak = values.pick(["\n", "\n", "\n", "\r\n", "\r"])
        var text = lines.joined(separator: lineBreak)
        // A block whose text ends with a line break needs one.
        let hasOpenBlock = lines.contains { $0.contains("|") && !$0.contains("|-") }
        if values.chance(0.75) || lines.last?.isEmpty == true || hasOpenBlock { text += lineBreak }
        return (values.chance(0.2) ? [0xEF, 0xBB, 0xBF] : []) + Array(text.utf8)
    }

    // MARK: Fields

    private mutating func entries(of profile: Profile, _ format: DecodedProfile.Format, _ style: Style) -> [Entry] {
        let hasRowKeys = format == .version0 || format == .millmFlat
        var entries: [Entry] = []
        func add(_ key: String, _ value: String) { entries.append((key, Value(head: value))) }
        if format == .version1 { add("version", "1") }
        if format == .millmFlat { add("version", "\"1.0\"") }
        entries.append(("name", text(profile.name, style, isLine: true)))
        let model = profile.model.map { text($0, style, isLine: true) }
        let sae = profile.sae.map { text($0, style, isLine: true) }
        optional("description", profile.description.map { text($0, style, isLine: false) }, style, &entries)
        optional(hasRowKeys ? "model_id" : "model", model, style, &entries)
        optional(hasRowKeys ? "sae_id" : "sae", sae, style, &entries)
        optional("layer", profile.layer.map { Value(head: String($0)) }, style, &entries)
        entries.append(("steering", steering(profile.steering, style)))
        if hasRowKeys, values.chance(0.5) { add("created_at", style == .json ? "\"2026\"" : "2026-01-30") }
        if hasRowKeys, values.chance(0.5) { add("updated_at", style == .json ? "null" : values.pick(["~", "[a, b]"])) }
        if format == .version0, values.chance(0.5) { add("id", "5") }
        if format == .version0, values.chance(0.5) { add("is_active", "true") }
        if style == .block, hasRowKeys, values.chance(0.3) {
            let head = values.pick(["|", ">-", "|2-", "|+"]) + " " + comment()
            let ignored = Value(head: head, lines: ["  # text"], isBlock: true)
            entries = entries.map { ["created_at", "updated_at"].contains($0.key) ? ($0.key, ignored) : $0 }
        }
        return entries.map { (key($0.key, style), $0.value) }
    }

    private mutating func optional(_ key: String, _ value: Value?, _ style: Style, _ entries: inout [Entry]) {
        if let value {
            entries.append((key, value))
        } else if values.chance(0.2) {
            entries.append((key, Value(head: style == .json ? "null" : values.pick(["~", "null", ""]))))
        }
    }

    private mutating func key(_ key: String, _ style: Style) -> String {
        if style == .json { return "\"\(key)\"" }
        return values.chance(0.85) ? key : values.pick(["'\(key)'", "\"\(key)\""])
    }

    // MARK: Steering

    private mutating func steering(_ steering: [Int: Double], _ style: Style) -> Value {
        if steering.isEmpty { return Value(head: values.pick(["{}", "{ }"])) }
        let sorted = steering.sorted { $0.key < $1.key }
        var entries: [Entry] = []
        for (index, value) in values.shuffled(sorted) {
            let isQuoted = style == .json || values.chance(0.1)
            entries.append((isQuoted ? "\"\(index)\"" : String(index), Value(head: strength(value, style))))
        }
        guard style == .block, values.chance(0.7) else { return flowMapping(entries, style, margin: "    ") }
        return Value(head: "", lines: block(entries, margin: values.pick([" ", "  ", "    "])), takesNote: false)
    }

    private mutating func strength(_ value: Double, _ style: Style) -> String {
        let digits = value.description
        guard style != .json, value == value.rounded() else { return digits }
        let whole = String(Int(value))
        return values.pick([digits, whole, whole + "e0", whole + ".", value < 0 ? digits : "+" + digits])
    }

    // MARK: Text

    private mutating func text(_ text: String, _ style: Style, isLine: Bool) -> Value {
        if style == .json { return Value(head: rawBreaks(ScalarText.write(text, in: .json), of: text)) }
        let preferred = values.pick([Node.Scalar.Style.plain, .plain, .singleQuoted, .doubleQuoted])
        let written = ScalarText.write(text, preferring: preferred, in: style == .flow ? .flow : .block)
        guard style == .block else { return Value(head: rawBreaks(written, of: text)) }
        if let block = ScalarText.literalBlock(text, indentation: values.pick([1, 2, 5]), lineBreak: "\n"),
            values.chance(isLine ? 0.1 : 0.5)
        {
            let lines = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let header = lines[0] == "|" && values.chance(0.3) ? "|+" : lines[0]
            let head = header + (values.chance(0.2) ? " " + comment() : "")
            return Value(head: head, lines: Array(lines.dropFirst()), takesNote: false, isBlock: true)
        }
        return values.chance(0.3) ? folded(written) : Value(head: rawBreaks(written, of: text))
    }

    /// The scalar over several lines, where single blanks may become line breaks.
    private mutating func folded(_ written: String) -> Value {
        let words = written.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let isFoldable = words.allSatisfy { word in
            guard let first = word.unicodeScalars.first, let last = word.unicodeScalars.last else { return false }
            let isPlain = first.properties.isAlphabetic || first.properties.numericType != nil
            return isPlain && last != "\\" && last != ":" && !word.contains("#")
        }
        guard isFoldable, words.count > 1 else { return Value(head: written) }
        let margin = values.pick(["  ", "     "])
        return Value(head: words[0], lines: words.dropFirst().map { margin + $0 })
    }

    /// NEL, LS and PS as they are instead of escaped, now and then.
    private mutating func rawBreaks(_ written: String, of text: String) -> String {
        guard written.hasPrefix("\""), !text.contains("\\"), values.chance(0.5) else { return written }
        return written.replacing("\\u0085", with: "\u{85}").replacing("\\u2028", with: "\u{2028}")
            .replacing("\\u2029", with: "\u{2029}")
    }

    // MARK: Comments

    /// A comment unlike all others of the document, hard to tell from something else.
    private mutating func comment() -> String {
        commentCount += 1
        let starts = ["# note", "#", "# a: b,", "# 'more", "# {? }", "# \u{1F600}\u{E9}", "# version: 1 #"]
        return values.pick(starts) + " \(commentCount)"
    }

    // MARK: Blocks

    private mutating func blockDocument(_ fields: [Entry], _ format: DecodedProfile.Format) -> [String] {
        guard format == .millmEnvelope else { return block(fields, margin: values.pick(["", "", "", "  "])) }
        let inner = block(fields, margin: values.pick(["  ", "    "]))
        var outer: [Entry] = [
            ("version", Value(head: "\"1.0\"")), ("type", Value(head: "millm_profile")),
            ("profile", Value(head: values.chance(0.5) ? comment() : "", lines: inner, takesNote: false)),
        ]
        if values.chance(0.5) { outer.append(("exported_at", Value(head: "2026-01-30T12:00:00Z"))) }
        return block(values.shuffled(outer), margin: "")
    }

    private mutating func block(_ entries: [Entry], margin: String) -> [String] {
        var lines = notes(margin)
        for entry in entries {
            lines += blockEntry(entry).map { $0.isEmpty ? "" : margin + $0 }
            if entry.value.takesNote, values.chance(0.2) {
                // A tab behind a '?' key's colon is more than libyaml takes.
                let isColon = lines[lines.count - 1].hasSuffix(":")
                lines[lines.count - 1] += values.pick([" ", "  ", isColon ? " " : "\t"]) + comment()
            }
            lines += notes(margin, isStrict: entry.value.isBlock || margin.isEmpty && entry.key == "profile")
        }
        return lines
    }

    private mutating func blockEntry(_ entry: Entry) -> [String] {
        let value = entry.value
        if values.chance(0.05) {
            let question = "? " + entry.key + (values.chance(0.3) ? " " + comment() : "")
            if value.head.isEmpty, value.lines.isEmpty, values.chance(0.5) { return [question] }
            return [question, value.head.isEmpty ? ":" : ": " + value.head] + value.lines
        }
        let colon = values.pick([":", ":", ":", " :"])
        if !value.head.isEmpty, value.lines.isEmpty, values.chance(0.05) {
            return [entry.key + colon + (values.chance(0.7) ? " " + comment() : ""), "  " + value.head]
        }
        let gap = value.head.isEmpty ? "" : values.pick([" ", " ", "   ", "\t"])
        let note = value.head.isEmpty && !value.lines.isEmpty && values.chance(0.2) ? " " + comment() : ""
        return [entry.key + colon + gap + value.head + note] + value.lines
    }

    /// Empty lines and comments on lines of their own.
    ///
    /// - Parameter isStrict: Whether they are indented as the entries are, and begin with no empty line.
    private mutating func notes(_ margin: String, isStrict: Bool = false) -> [String] {
        var lines: [String] = []
        while values.chance(0.15) {
            let isFree = !isStrict || !lines.isEmpty
            let more = isFree && values.chance(0.3) ? values.pick([" ", "  ", "      "]) : ""
            lines.append(isFree && values.chance(0.3) ? more : margin + more + comment())
        }
        return lines
    }

    // MARK: Braces

    private mutating func flowDocument(_ fields: [Entry], _ format: DecodedProfile.Format, _ style: Style) -> [String] {
        let root: Value
        if format == .millmEnvelope {
            func word(_ text: String) -> String { style == .json ? "\"\(text)\"" : text }
            var outer: [Entry] = [
                (word("version"), Value(head: "\"1.0\"")), (word("type"), Value(head: word("millm_profile"))),
                (word("profile"), flowMapping(fields, style, margin: "    ")),
            ]
            if values.chance(0.5) { outer.append((word("exported_from"), Value(head: word("here")))) }
            root = flowMapping(values.shuffled(outer), style, margin: "  ")
        } else {
            root = flowMapping(fields, style, margin: "  ")
        }
        return [root.head] + root.lines
    }

    private mutating func flowMapping(_ entries: [Entry], _ style: Style, margin: String) -> Value {
        let lines = values.chance(0.4) ? flowLines(entries, style, margin: margin) : [flowLine(entries, style)]
        let split = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        return Value(head: split[0], lines: Array(split.dropFirst()))
    }

    private mutating func flowLine(_ entries: [Entry], _ style: Style) -> String {
        let gap = values.pick(["", " "])
        let colon = style == .json ? values.pick([":", ": "]) : ": "
        let written = entries.map { flowEntry($0, style, colon: colon, margin: "") }
        let comma = style != .json && values.chance(0.2) ? "," : ""
        return "{" + gap + written.joined(separator: "," + (style == .json ? gap : " ")) + comma + gap + "}"
    }

    /// Braces over several lines, with comments in all places that there are.
    private mutating func flowLines(_ entries: [Entry], _ style: Style, margin: String) -> [String] {
        let hasNotes = style != .json && values.chance(0.7)
        let startsWithCommas = style != .json && values.chance(0.15)
        let isJoined = style != .json && values.chance(0.3)
        func note(_ generator: inout Self, _ chance: Double) -> String {
            hasNotes && generator.values.chance(chance) ? " " + generator.comment() : ""
        }
        var lines = ["{" + note(&self, 0.3)]
        for (index, entry) in entries.enumerated() {
            let isLast = index == entries.count - 1
            if hasNotes, values.chance(0.15) { lines.append(margin + comment()) }
            let written = flowEntry(entry, style, colon: hasNotes && values.chance(0.2) ? nil : ": ", margin: margin)
            let comma = startsWithCommas ? false : !isLast || style != .json && values.chance(0.3)
            let text = (startsWithCommas && index > 0 ? ", " : "") + written
            let previous = lines[lines.count - 1]
            if isJoined, !previous.contains("#"), !previous.contains("\n"), values.chance(0.5) {
                lines[lines.count - 1] += (previous == "{" ? "" : " ") + text
            } else {
                lines.append(margin + text)
            }
            // A comma may come behind the comment, too.
            if comma, hasNotes, values.chance(0.1) {
                lines[lines.count - 1] += note(&self, 0.5)
                lines.append(margin + "," + note(&self, 0.3))
            } else {
                lines[lines.count - 1] += (comma ? "," : "") + note(&self, 0.4)
            }
        }
        if hasNotes, values.chance(0.2) { lines.append(margin + comment()) }
        let last = lines[lines.count - 1]
        if values.chance(0.2), !last.contains("#") { return lines.dropLast() + [last + " }"] }
        return lines + [margin.dropLast(2) + "}"]
    }

    /// - Parameter colon: What stands between key and value; nil for a comment and a new line.
    private mutating func flowEntry(_ entry: Entry, _ style: Style, colon: String?, margin: String) -> String {
        let value = ([entry.value.head] + entry.value.lines).joined(separator: "\n")
        let question = style == .flow && values.chance(0.08) ? "? " : ""
        let gap = question.isEmpty ? "" : " "
        if value.isEmpty, style == .flow, values.chance(0.3) { return question + entry.key }
        guard let colon else { return question + entry.key + gap + ": " + comment() + "\n" + margin + "  " + value }
        return question + entry.key + gap + colon + value
    }
}
