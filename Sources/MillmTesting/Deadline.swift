/// Thrown when something that a test waits for has not come.
package struct DeadlinePassed: Error, CustomStringConvertible {
    package let description: String

    /// - Parameter description: What was waited for, or what there was instead.
    package init(description: String) {
        self.description = description
    }
}

/// Waits for the first element that the condition accepts.
///
/// - Parameter time: A generous limit that only a failing test reaches.
/// - Throws: ``DeadlinePassed`` when the time is over or the sequence ends.
package func first<Elements: AsyncSequence & Sendable>(
    of elements: Elements,
    within time: Duration = .seconds(20),
    where condition: @escaping @Sendable (Elements.Element) -> Bool
) async throws -> Elements.Element where Elements.Element: Sendable {
    try await withThrowingTaskGroup(of: Elements.Element?.self) { group in
        group.addTask {
            for try await element in elements where condition(element) { return element }
            return nil
        }
        group.addTask {
            try await Task.sleep(for: time)
            return nil
        }
        defer { group.cancelAll() }
        guard let found = try await group.next() ?? nil else {
            throw DeadlinePassed(description: "It has not come within \(time).")
        }
        return found
    }
}
