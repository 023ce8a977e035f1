package import Profiles

// A file or link that a program replaces in two steps is neither missing nor invalid in between.

extension ProfileService {
    /// How often it is looked again at what a program goes on changing: for half a second at the least.
    private static let looks = 10
    /// How long a file that is being emptied may have its new size and not yet its new time: ext4 sets it last.
    private static let emptyingTime = Duration.milliseconds(10)

    /// All profile files once they have settled, the invalid ones included, sorted by display name.
    ///
    /// - Throws: ``ProfileError`` `.inputOutput`.
    package func all() async throws(ProfileError) -> [ProfileFile] {
        var doubts: Set<ProfileID> = []
        func isWhole(_ files: [ProfileFile]) -> Bool {
            doubts = lastList.doubts(about: files)
            return doubts.isEmpty
        }
        func hasChanged(_ time: Duration) async -> Bool { await repository.hasChanged(Array(doubts), within: time) }
        let files = try await settled(isWhole: isWhole, hasChanged: hasChanged) { () throws(ProfileError) in
            try await repository.all()
        }
        lastList.note(files)
        return files
    }

    /// Does something, and again if a file or link is missing or invalid that has not rested for
    /// ``ProfileLoader/settlingTime``: as for the loader, an editor or git may be half way. What has rested, or was
    /// never there, is told at once.
    ///
    /// - Parameters:
    ///   - id: The profile that it is about; nil for the link `active`.
    ///   - isWhole: Whether a result is not about an invalid file.
    package func settled<Result>(
        _ id: ProfileID?,
        isWhole: (Result) -> Bool = { _ in true },
        _ body: () async throws(ProfileError) -> Result
    ) async throws(ProfileError) -> Result {
        func hasChanged(_ time: Duration) async -> Bool { await repository.hasChanged([id], within: time) }
        return try await settled(isWhole: isWhole, hasChanged: hasChanged, body)
    }

    /// Does something, and again if what is missing or invalid may be half of a change.
    ///
    /// - Parameter hasChanged: Whether it has changed, or may have, within a time until now.
    func settled<Result>(
        isWhole: (Result) -> Bool = { _ in true },
        hasChanged: (_ time: Duration) async -> Bool,
        _ body: () async throws(ProfileError) -> Result
    ) async throws(ProfileError) -> Result {
        for _ in 0..<Self.looks {
            let start = ContinuousClock.now
            do throws(ProfileError) {
                let result = try await body()
                if isWhole(result) { return result }
                guard await mayBeHalf(since: start, isFound: true, hasChanged) else { return result }
            } catch {
                let isDoubtful = [.notFound, .invalidFormat, .activeLinkBroken].contains(error.code)
                let isFound = error.code == .invalidFormat
                guard isDoubtful, await mayBeHalf(since: start, isFound: isFound, hasChanged) else { throw error }
            }
        }
        return try await body()
    }

    /// Whether what was seen since a time may be half of a change; then returns when the other half has had its time.
    ///
    /// - Parameter isFound: Whether it is there, but invalid.
    private func mayBeHalf(
        since start: ContinuousClock.Instant,
        isFound: Bool,
        _ hasChanged: (_ time: Duration) async -> Bool
    ) async -> Bool {
        func age() -> Duration { ContinuousClock.now - start + ProfileLoader.settlingTime }
        var mayBeEmptied = isFound
        for _ in 0..<Self.looks {
            // It is about the time until the answer, and a busy machine may be late with that.
            let time = age() + ProfileLoader.settlingTime
            if await hasChanged(time) { return (try? await Task.sleep(for: ProfileLoader.settlingTime)) != nil }
            if mayBeEmptied {
                mayBeEmptied = false
                try? await Task.sleep(for: Self.emptyingTime)
            } else if age() <= time {
                return false
            }
        }
        return false
    }
}
