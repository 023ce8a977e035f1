extension ProfileError {
    /// No profile has the id that was given; which one may be meant.
    ///
    /// - Parameters:
    ///   - word: What was given.
    ///   - place: Where there is none, as `in 'profiles'`; nil says nothing of it.
    ///   - named: The profile whose display name was given; nil if it is none's.
    ///   - ids: The profiles that there are.
    ///   - hint: What to do if none of them is near.
    package static func unknown(
        _ word: String,
        _ place: String? = nil,
        named: ProfileID? = nil,
        among ids: some Sequence<ProfileID>,
        hint: String? = nil
    ) -> ProfileError {
        let start = ["There is no profile '\(word.shortened)'", place].compactMap(\.self).joined(separator: " ")
        if let named { return ProfileError(.notFound, "\(start); the profile with that name is '\(named)'.") }
        let near = Spelling.nearest(to: word, among: ids.lazy.map(\.description))
        let advice = near.map { "Did you mean '\($0)'?" } ?? hint
        return ProfileError(.notFound, ["\(start).", advice].compactMap(\.self).joined(separator: " "))
    }
}
