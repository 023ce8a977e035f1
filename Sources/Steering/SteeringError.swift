/// Why SAE files could not be read, or a profile could not be turned into a plan.
package struct SteeringError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// The file or directory is missing or cannot be read.
        case unreadable
        /// The file is not what it should be: truncated, inconsistent, or something else altogether.
        case invalidFile
        /// The SAE is of a kind that cannot be used for steering the residual stream.
        case unsupported
        /// The SAE's decoder directions are not in units of the residual stream.
        case unusableScale
        /// A feature index is not below d_sae.
        case featureOutOfRange
        /// The profile's layer is not the SAE's.
        case layerMismatch
        /// The profile has features and there is no SAE.
        case saeNotAttached
    }

    package var code: Code
    /// What failed, on which file, and what to do.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
