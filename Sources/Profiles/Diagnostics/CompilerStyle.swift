import YAML

/// Writes findings as compilers do: what is wrong, where, the lines in question, and what to do.
///
/// ```
/// error[P012]: duplicate key 'layer'
///   --> profiles/night.yaml:9:1
///    |
///  4 | layer: 15
///    | ----- first set here
///  9 | layer: 12
///    | ^^^^^ set again
///    = help: remove one of them
/// ```
package struct CompilerStyle {
    /// Whether to write ANSI colours.
    private let useColor: Bool
    /// The width of the terminal, to which lines of a file are cut and sentences folded; nil if there is none.
    private let width: Int?
    /// The bytes of a file that a finding names; nil if they are not at hand.
    private let source: (_ file: String) -> [UInt8]?

    package init(
        useColor: Bool = false,
        width: Int? = nil,
        source: @escaping (_ file: String) -> [UInt8]? = { _ in nil }
    ) {
        self.useColor = useColor
        self.width = width
        self.source = source
    }

    /// The findings, an empty line between two, a line break at the end; empty if there are none.
    package func text(_ diagnostics: [Diagnostic]) -> String {
        var sources: [String: SourceLines] = [:]
        let places = diagnostics.flatMap { [$0.location] + $0.related.map(\.location) }
        // Only what has been read has places: a file that must not be read has none.
        for file in Set(places.filter { $0.range != nil }.map(\.file)) {
            sources[file] = source(file).map(SourceLines.init)
        }
        return diagnostics.map { text($0, sources) + "\n" }.joined(separator: "\n")
    }

    private func text(_ diagnostic: Diagnostic, _ sources: [String: SourceLines]) -> String {
        let marks = Self.marks(of: diagnostic)
        let margin = Margin(lines: marks.map(\.range.start.line))
        let file = diagnostic.location.file
        var lines = heading(of: diagnostic)
        lines.append(margin.arrow("-->") + diagnostic.location.description.escapedForDisplay)
        lines += excerpt(marks.filter { $0.file == file }, sources[file], margin, diagnostic.severity)
        for other in Set(marks.map(\.file)).subtracting([file]).sorted() {
            let others = marks.filter { $0.file == other }
            let place = SourceLocation(file: other, range: others.first?.range)
            lines.append(margin.arrow(":::") + place.description.escapedForDisplay)
            lines += excerpt(others, sources[other], margin, diagnostic.severity)
        }
        for related in diagnostic.related where related.location.range == nil {
            lines += note("note", "\(related.message), in \(related.location.file)", margin)
        }
        if let help = diagnostic.help { lines += note("help", help, margin) }
        return lines.joined(separator: "\n")
    }

    /// What is wrong, in one line where there is room.
    private func heading(of diagnostic: Diagnostic) -> [String] {
        let start = "\(diagnostic.severity.rawValue)[\(diagnostic.code.code)]"
        let lines = FoldedText.lines(of: "\(start): \(diagnostic.message.escapedForDisplay)", width: width)
        let first = paint(start, color(diagnostic.severity)) + paint(String(lines[0].dropFirst(start.count)), .bold)
        return [first] + lines.dropFirst().map { paint($0, .bold) }
    }

    /// What is said behind the margin, in one line where there is room.
    private func note(_ title: String, _ text: String, _ margin: Margin) -> [String] {
        let start = margin.note("\(title): ")
        return FoldedText.lines(of: start + text.escapedForDisplay, width: width, indentedBy: start.count)
    }

    /// The lines with marks under them.
    private func excerpt(
        _ marks: [Mark],
        _ source: SourceLines?,
        _ margin: Margin,
        _ severity: Diagnostic.Severity
    ) -> [String] {
        let room = width.map { max(8, $0 - margin.underline.count) } ?? LineExcerpt.standardWidth
        var lines: [String] = []
        var shown: (line: Int, text: String)?
        for mark in marks {
            guard let text = source?.line(mark.range.start.line) else { continue }
            if lines.isEmpty { lines.append(margin.empty) }
            let excerpt = LineExcerpt(text, showing: mark.range, width: room)
            let line = (line: mark.range.start.line, text: excerpt.text)
            if shown.map({ $0 != line }) ?? true { lines.append(margin.line(line.line) + line.text) }
            shown = line
            for (column, text) in underlines(of: mark, excerpt, room) {
                let space = String(repeating: " ", count: column)
                lines.append(margin.underline + space + paint(text, mark.isPrimary ? color(severity) : .blue))
            }
        }
        return lines
    }

    /// The mark under a line, with its label; that is on a line of its own where there is no room beside the mark.
    private func underlines(of mark: Mark, _ excerpt: LineExcerpt, _ room: Int) -> [(column: Int, text: String)] {
        let underline = String(repeating: mark.isPrimary ? "^" : "-", count: excerpt.markWidth)
        let label = mark.label.escapedForDisplay
        guard !label.isEmpty else { return [(excerpt.markColumn, underline)] }
        let end = excerpt.markColumn + excerpt.markWidth + 1 + label.displayWidth
        guard width != nil, end > room else { return [(excerpt.markColumn, underline + " " + label)] }
        let column = max(0, min(excerpt.markColumn, room - label.displayWidth))
        return [(excerpt.markColumn, underline), (column, label)]
    }

    private static func marks(of diagnostic: Diagnostic) -> [Mark] {
        var marks = diagnostic.related.compactMap { related in
            related.location.range.map {
                Mark(file: related.location.file, range: $0, label: related.message, isPrimary: false)
            }
        }
        if let range = diagnostic.location.range {
            marks.append(
                Mark(file: diagnostic.location.file, range: range, label: diagnostic.label ?? "", isPrimary: true)
            )
        }
        return marks.sorted {
            ($0.range.start.offset, $0.range.end.offset) < ($1.range.start.offset, $1.range.end.offset)
        }
    }

    // MARK: Colour

    private enum Color: String {
        case bold = "1"
        case red = "1;31"
        case yellow = "1;33"
        case blue = "1;34"
    }

    private func color(_ severity: Diagnostic.Severity) -> Color {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .note: .blue
        }
    }

    private func paint(_ text: String, _ color: Color) -> String {
        useColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// A place to underline.
private struct Mark {
    var file: String
    var range: SourceRange
    var label: String
    var isPrimary: Bool
}

/// The column of line numbers.
private struct Margin {
    private let width: Int

    init(lines: [Int]) {
        width = String(lines.max() ?? 1).count
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    var empty: String { spaces(width + 2) + "|" }
    var underline: String { empty + " " }

    func arrow(_ arrow: String) -> String { spaces(width + 1) + arrow + " " }
    func note(_ text: String) -> String { spaces(width + 2) + "= " + text }

    func line(_ number: Int) -> String {
        let digits = String(number)
        return " " + spaces(width - digits.count) + digits + " | "
    }
}
