package import YAML

/// Where a file's features stand, in the order of the file.
package struct FeatureRanges: Hashable, Sendable {
    /// A feature's index and the place of its key.
    package struct Entry: Hashable, Sendable {
        package var index: Int
        package var range: SourceRange
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    /// Takes places that are known already.
    package init(_ ranges: [Int: SourceRange]) {
        entries = ranges.map { Entry(index: $0.key, range: $0.value) }.sorted { $0.range.start < $1.range.start }
    }

    mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

    mutating func append(_ index: Int, at range: SourceRange) { entries.append(Entry(index: index, range: range)) }

    /// The place of a feature's key; nil if the file does not name the feature.
    ///
    /// - Complexity: O(features): it is asked for few features, and only when something is wrong with them.
    package subscript(_ index: Int) -> SourceRange? {
        entries.first { $0.index == index }?.range
    }
}
