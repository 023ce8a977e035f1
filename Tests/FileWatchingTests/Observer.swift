import FileWatching
import Foundation
import Testing

/// Reads a watch's hints with a deadline, so that a hint that does not come fails a test instead of hanging it.
final class Observer {
    let watch: DirectoryWatch
    private var iterator: DirectoryWatch.Iterator

    init(_ watch: DirectoryWatch) {
        self.watch = watch
        iterator = watch.makeAsyncIterator()
    }

    /// Reads hints until one of those that are awaited comes.
    ///
    /// - Returns: All hints that were read, the awaited one last.
    @discardableResult
    func hints(
        until isAwaited: (WatchHint) -> Bool,
        within limit: Duration = .seconds(10),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [WatchHint] {
        let watch = watch
        let timer = Task {
            try await Task.sleep(for: limit)
            watch.stop()
        }
        defer { timer.cancel() }
        var hints: [WatchHint] = []
        while let hint = await iterator.next() {
            hints.append(hint)
            if isAwaited(hint) { return hints }
        }
        Issue.record("the hint did not come; before it: \(hints)", sourceLocation: sourceLocation)
        throw CancellationError()
    }

    /// Reads hints until the awaited one comes, or for one with a name any with that name.
    @discardableResult
    func hints(
        until awaited: WatchHint,
        within limit: Duration = .seconds(10),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [WatchHint] {
        let isAwaited = { (hint: WatchHint) in hint == awaited || hint.name != nil && hint.name == awaited.name }
        return try await hints(until: isAwaited, within: limit, sourceLocation: sourceLocation)
    }
}

/// Runs a command in a shell and requires that it succeeds.
func shell(_ command: String, in directory: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(filePath: directory)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(command)")
}
