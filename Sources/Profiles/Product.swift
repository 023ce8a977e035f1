/// What all programs of this package say of themselves.
package enum Product {
    /// The version of the programs, of the API and of all else that is released together.
    package static let version = "0.1.0"
}
