/// A command's discussion, taken apart: paragraphs, and sections such as `EXAMPLES:` and `EXIT CODES:`.
struct HelpText {
    struct Section {
        /// As it is written: `EXAMPLES`.
        var title: String
        /// Without their indentation.
        var lines: [String]

        /// The lines as pairs of a term and what it means, which two spaces part; nil if one of them is none.
        var definitions: [(term: String, meaning: String)]? {
            var pairs: [(term: String, meaning: String)] = []
            for line in lines {
                guard let gap = line.firstRange(of: "  ") else { return nil }
                let meaning = line[gap.upperBound...].drop { $0 == " " }
                pairs.append((String(line[..<gap.lowerBound]), String(meaning)))
            }
            return pairs
        }
    }

    private(set) var paragraphs: [String] = []
    private(set) var sections: [Section] = []

    init(_ text: String) {
        for block in text.split(separator: "\n\n") {
            let lines = block.split(separator: "\n").map(String.init)
            guard let first = lines.first else { continue }
            if first.hasSuffix(":"), lines.count > 1, lines.dropFirst().allSatisfy({ $0.hasPrefix("  ") }) {
                let rest = lines.dropFirst().map { String($0.dropFirst(2)) }
                sections.append(Section(title: String(first.dropLast()), lines: rest))
            } else {
                paragraphs.append(lines.joined(separator: "\n"))
            }
        }
    }
}
