import ProfileDirectory
import Profiles
import Reconciliation

/// The directory of profiles that a command works on.
struct Workspace: Sendable {
    /// The directory, as the user named it.
    let path: String
    let repository: DirectoryRepository

    /// What people do with profiles, as the daemon's API does it; here on files alone.
    var service: ProfileService { ProfileService(repository: repository) }

    /// What `active` says: the active profile's id, or why it cannot be told.
    func activeID() async -> Result<ProfileID?, ProfileError> {
        do {
            return .success(try await repository.active()?.id)
        } catch {
            return .failure(error)
        }
    }

    /// The profile that the user means with a word on the command line: an id, a file in the directory, or
    /// `active` for the active one, which is no profile's id.
    ///
    /// - Throws: `.notFound`, with what may have been meant.
    func profile(_ reference: String) async throws(ProfileError) -> ProfileFile {
        let word = try idText(of: reference)
        if word == "active" {
            guard let file = try await repository.active() else {
                throw ProfileError(.notFound, "No profile is active.")
            }
            return file
        }
        // Behind a slash "a.yaml" is the file's name; alone it is, unless a profile has just this id.
        let isPath = reference.contains("/")
        if isPath, let file = try await repository.profile(inFile: word) { return file }
        if let id = try? ProfileID(word), let file = try await existing(id) { return file }
        if let file = try await repository.profile(inFile: word) { return file }
        throw try await unknown(word)
    }

    /// The only file of the profile that the user means, for what is done by the id alone.
    ///
    /// - Throws: `.notFound`, `.invalidFormat` if several files have the id.
    func soleProfile(_ reference: String) async throws(ProfileError) -> ProfileFile {
        let file = try await profile(reference)
        try requireNoTwin(of: file)
        return file
    }

    /// The very file that the user means: an id that belongs to several files tells none of them.
    ///
    /// - Throws: `.notFound`, `.invalidFormat` if an id was given that several files have.
    func profileFile(_ reference: String) async throws(ProfileError) -> ProfileFile {
        let file = try await profile(reference)
        let isNamed = reference == file.fileName || reference.hasSuffix("/" + file.fileName)
        if !isNamed, reference != "active" { try requireNoTwin(of: file) }
        return file
    }

    private func requireNoTwin(of file: ProfileFile) throws(ProfileError) {
        guard let twin = file.diagnostics.first(where: { $0.code == .duplicateID }) else { return }
        let paths = [file.path] + twin.related.map(\.location.file)
        let list = paths.sorted().map { "'\($0.escapedForDisplay)'" }.joined(separator: " and ")
        let message = "The id '\(file.id)' belongs to \(list). Rename or delete one of them by its file's name."
        throw ProfileError(.invalidFormat, message)
    }

    /// The id that the user wants a new profile to have: as it is, or as the file that is to be written.
    ///
    /// - Throws: `.invalidID`, also for a path that leads elsewhere.
    func newID(_ reference: String) throws(ProfileError) -> ProfileID {
        let word: String
        do {
            word = try idText(of: reference)
        } catch {
            throw ProfileError(.invalidID, error.message)
        }
        let ending = ProfileID.fileExtensions.first { word.hasSuffix("." + $0) && word.count > $0.count + 1 }
        return try ProfileID(String(word.dropLast(ending.map { $0.count + 1 } ?? 0)))
    }

    private func existing(_ id: ProfileID) async throws(ProfileError) -> ProfileFile? {
        do {
            return try await repository.profile(id)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// A word without a slash is taken as it is, a path must lead into the directory.
    private func idText(of reference: String) throws(ProfileError) -> String {
        guard let slash = reference.lastIndex(of: "/") else { return reference }
        let parent = slash == reference.startIndex ? "/" : String(reference[..<slash])
        guard let parent = FilePlace.real(parent), parent == FilePlace.real(path) else {
            let message = "'\(reference.escapedForDisplay)' is not in the directory of profiles, '\(path)'."
            throw ProfileError(.notFound, message)
        }
        return String(reference[reference.index(after: slash)...])
    }

    private func unknown(_ word: String) async throws(ProfileError) -> ProfileError {
        let files = try await repository.all()
        let named = files.first { $0.displayName == word }?.id
        // With another extension than that of the file.
        if let id = ProfileID(fileName: word), let file = files.first(where: { $0.id == id }) {
            let message = "There is no profile '\(word.shortened)' in '\(path)'. Did you mean '\(file.fileName)'?"
            return ProfileError(.notFound, message)
        }
        return .unknown(word, "in '\(path)'", named: named, among: files.map(\.id), hint: "'millm list' shows all.")
    }
}
