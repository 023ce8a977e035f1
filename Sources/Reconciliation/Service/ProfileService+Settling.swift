package import Profiles

// A file or link that a program replaces in two steps is neither missing nor invalid in between.

/// Why what was found may be half of a change.
package enum SettlingDoubt: Sendable {
    /// It is missing, or there and invalid.
    case unsound
    /// A file is empty: it may have its new size and not yet its new time, which ext4 sets last.
    case emptied
}

extension ProfileFile {
    /// Why the file may be half of a change; nil for a valid one.
    package var doubt: SettlingDoubt? {
        if isValid { return nil }
        return diagnostics.contains { $0.code == .emptyFile } ? .emptied : .unsound
    }
}

extension ProfileError {
    /// Why what the error is about may be half of a change; nil if it cannot.
    fileprivate var doubt: SettlingDoubt? {
        guard [.notFound, .invalidFormat, .activeLinkBroken].contains(code) else { return nil }
        return diagnostics.contains { $0.code == .emptyFile } ? .emptied : .unsound
    }
}

extension ProfileService {
    /// How often it is looked again at what a program goes on changing: for half a second at the least.
    private static let looks = 10
    /// How long a file that is being emptied may have its new size and not yet its new time.
    private static let emptyingTime = Duration.milliseconds(50)

    /// All profile files once they have settled, the invalid ones included, sorted by display name.
    ///
    /// - Throws: ``ProfileError`` `.inputOutput`.
    package func all() async throws(ProfileError) -> [ProfileFile] {
        var doubts: Set<ProfileID> = []
        func doubt(_ files: [ProfileFile]) -> SettlingDoubt? {
            doubts = lastList.doubts(about: files)
            if doubts.isEmpty { return nil }
            return files.contains { doubts.contains($0.id) && $0.doubt == .emptied } ? .emptied : .unsound
        }
        func hasChanged(since start: ContinuousClock.Instant) async -> Bool {
            await repository.hasChanged(Array(doubts), since: start)
        }
        let files = try await settled(doubt: doubt, hasChanged: hasChanged) { () throws(ProfileError) in
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
    ///   - doubt: Why a result may be half of a change; nil if it is whole.
    package func settled<Result>(
        _ id: ProfileID?,
        doubt: (Result) -> SettlingDoubt? = { _ in nil },
        _ body: () async throws(ProfileError) -> Result
    ) async throws(ProfileError) -> Result {
        func hasChanged(since start: ContinuousClock.Instant) async -> Bool {
            await repository.hasChanged([id], since: start)
        }
        return try await settled(doubt: doubt, hasChanged: hasChanged, body)
    }

    /// Does something, and again if what is missing or invalid may be half of a change.
    ///
    /// - Parameter hasChanged: Whether it has changed, or may have, since a time.
    func settled<Result>(
        doubt: (Result) -> SettlingDoubt? = { _ in nil },
        hasChanged: (_ start: ContinuousClock.Instant) async -> Bool,
        _ body: () async throws(ProfileError) -> Result
    ) async throws(ProfileError) -> Result {
        for _ in 0..<Self.looks {
            let start = ContinuousClock.now
            do throws(ProfileError) {
                let result = try await body()
                guard let doubt = doubt(result), await mayBeHalf(since: start, doubt, hasChanged) else { return result }
            } catch {
                guard let doubt = error.doubt, await mayBeHalf(since: start, doubt, hasChanged) else { throw error }
            }
        }
        return try await body()
    }

    /// Whether what was seen since a time may be half of a change; then returns when the other half has had its time.
    private func mayBeHalf(
        since start: ContinuousClock.Instant,
        _ doubt: SettlingDoubt,
        _ hasChanged: (_ start: ContinuousClock.Instant) async -> Bool
    ) async -> Bool {
        // The first half may have come before, and the kernel's clock for files is behind.
        let start = start - ProfileLoader.settlingTime * 2
        var isHalf = await hasChanged(start)
        if !isHalf, doubt == .emptied {
            try? await Task.sleep(for: Self.emptyingTime)
            isHalf = await hasChanged(start)
        }
        guard isHalf else { return false }
        return (try? await Task.sleep(for: ProfileLoader.settlingTime)) != nil
    }
}
