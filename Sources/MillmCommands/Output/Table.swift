import Profiles

/// Rows under headings, fitted to a width.
struct Table {
    enum Alignment { case leading, trailing }

    struct Column {
        var title: String
        var alignment: Alignment
        /// The width down to which the column may be cut; nil if it is never cut.
        var minimumWidth: Int?
        /// Columns with a number are left out where even cut ones do not fit, the highest number first.
        var dispensability: Int?

        init(_ title: String, _ alignment: Alignment = .leading, minimumWidth: Int? = nil, dispensability: Int? = nil) {
            self.title = title
            self.alignment = alignment
            self.minimumWidth = minimumWidth
            self.dispensability = dispensability
        }
    }

    struct Cell {
        var text: String
        var role: Style.Role?

        init(_ text: String, _ role: Style.Role? = nil) {
            self.text = text
            self.role = role
        }
    }

    private let columns: [Column]
    private let rows: [[Cell]]
    private static let gap = "  "

    /// - Precondition: Every row has a cell for each column.
    init(columns: [Column], rows: [[Cell]]) {
        precondition(rows.allSatisfy { $0.count == columns.count })
        self.columns = columns
        self.rows = rows
    }

    /// The table as text, every line ended.
    ///
    /// - Parameter width: The columns that a line may take; nil cuts nothing.
    func rendered(width: Int?, style: Style) -> String {
        let (shown, widths) = layout(width: width)
        let heading = columns.map { Cell($0.title, .heading) }
        return ([heading] + rows).map { row in
            let cells = zip(shown, widths).map { index, width in
                let text = row[index].text.truncated(toWidth: width)
                let space = String(repeating: " ", count: width - text.displayWidth)
                let styled = style(row[index].role, text)
                return columns[index].alignment == .leading ? styled + space : space + styled
            }
            return cells.joined(separator: Self.gap).trimmingTrailingSpaces() + "\n"
        }.joined()
    }

    /// The columns to show, by index, and their widths.
    private func layout(width: Int?) -> (shown: [Int], widths: [Int]) {
        let natural = columns.indices.map { index in
            max(columns[index].title.displayWidth, rows.map { $0[index].text.displayWidth }.max() ?? 0)
        }
        var shown = Array(columns.indices)
        guard let width else { return (shown, natural) }
        while true {
            let widths = Self.shrunk(
                shown.map { natural[$0] },
                minimums: shown.map { columns[$0].minimumWidth },
                to: width - Self.gap.count * (shown.count - 1)
            )
            if let widths { return (shown, widths) }
            let dispensable = shown.compactMap { index in columns[index].dispensability.map { (index, $0) } }
            guard let (last, _) = dispensable.max(by: { $0.1 < $1.1 }) else {
                // Too narrow for anything sensible: better a broken line than a lost name.
                return (shown, shown.map { natural[$0] })
            }
            shown.removeAll { $0 == last }
        }
    }

    /// Takes columns off the widest first until the sum fits; nil if the minimums forbid it.
    private static func shrunk(_ natural: [Int], minimums: [Int?], to total: Int) -> [Int]? {
        var widths = natural
        while widths.reduce(0, +) > total {
            let candidates = widths.indices.filter { index in minimums[index].map { widths[index] > $0 } ?? false }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
            widths[widest] -= 1
        }
        return widths
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
