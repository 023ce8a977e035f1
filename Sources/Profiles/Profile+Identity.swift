extension Profile {
    /// Whether the profiles are the same to the last Unicode scalar, where `==` takes for equal what Unicode calls
    /// equivalent: `é` as one scalar and as two.
    package func isIdentical(to other: Profile) -> Bool {
        name.isIdentical(to: other.name) && description.isIdentical(to: other.description)
            && model.isIdentical(to: other.model) && sae.isIdentical(to: other.sae)
            && layer == other.layer && steering == other.steering
    }
}

extension String {
    /// Whether the texts have the same Unicode scalars.
    func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension String? {
    /// Whether both are absent or have the same Unicode scalars.
    func isIdentical(to other: String?) -> Bool {
        switch (self, other) {
        case (nil, nil): true
        case (let text?, let other?): text.isIdentical(to: other)
        default: false
        }
    }
}
