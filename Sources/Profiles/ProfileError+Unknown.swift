extension ProfileError {
    /// No profile has the id that was given; which one may be meant.
    ///
    /// - Parameters:
    ///   - word: What was given.
    ///   - place: Where there is none, as `in 'profiles'`; nil says nothing of it.
    ///   - files: The profiles that there are.
    ///   - hint: What to do if none of them is near.
    package static func unknown(
        _ word: String,
        _ place: String? = nil,
        among files: [ProfileFile],
        hint: String? = nil
    ) -> ProfileError {
        let start = ["There is no profile '\(word.shortened)'", place].compactMap(\.self).joined(separator: " ")
        if let named = files.first(where: { $0.displayName == word }) {
            return ProfileError(.notFound, "\(start); the profile with that name is '\(named.id)'.")
        }
        let near = Spelling.nearest(to: word, among: files.map(\.id.description))
        let advice = near.map { "Did you mean '\($0)'?" } ?? hint
        return ProfileError(.notFound, ["\(start).", advice].compactMap(\.self).joined(separator: " "))
    }
}
