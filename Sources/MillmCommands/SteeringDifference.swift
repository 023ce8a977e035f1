import Profiles

/// How the features and strengths of two profiles differ.
struct SteeringDifference: Hashable, Sendable {
    struct Change: Hashable, Sendable {
        var index: Int
        /// Nil if only the second profile names the feature.
        var old: Double?
        /// Nil if only the first profile names it.
        var new: Double?
    }

    /// By rising index; features with the same strength are not among them.
    let changes: [Change]

    init(from first: [Int: Double], to second: [Int: Double]) {
        changes = Set(first.keys).union(second.keys).sorted().compactMap { index in
            let change = Change(index: index, old: first[index], new: second[index])
            return change.old == change.new ? nil : change
        }
    }

    var isEmpty: Bool { changes.isEmpty }

    /// A line a change: `- 316: 45.0`, `+ 88: 2.0`, `~ 7: 1.0 → 2.0`.
    func lines(style: Style) -> [String] {
        changes.compactMap { change in
            switch (change.old, change.new) {
            case (let old?, nil): style(.bad, "- \(change.index): \(old)")
            case (nil, let new?): style(.good, "+ \(change.index): \(new)")
            case (let old?, let new?): style(.caution, "~ \(change.index): \(old) → \(new)")
            case (nil, nil): nil
            }
        }
    }

    var json: JSONValue {
        .array(
            changes.map { change in
                [
                    "index": .integer(change.index),
                    "from": change.old.map(JSONValue.number) ?? .null,
                    "to": change.new.map(JSONValue.number) ?? .null,
                ]
            }
        )
    }
}
