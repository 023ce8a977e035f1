/// A running language model whose residual stream can be steered while it serves.
///
/// The core holds one current plan, which requests take that bring none of their own. A request's plan is
/// fixed when it is admitted; swapping the current one never changes a sequence half way. Requests with
/// different plans decode together, and none sees another's.
package protocol InferenceCore: Sendable {
    /// The loaded model.
    var model: ModelDescription { get }

    /// The current plan.
    var plan: SteeringPlan { get }

    /// What the core is doing, and has done so far.
    var activity: CoreActivity { get }

    /// Swaps the current plan, all or nothing; requests that are under way keep theirs.
    ///
    /// - Throws: ``InferenceError`` `.unsuitablePlan` if the plan's layer or width is not the model's;
    ///   then nothing has changed.
    func apply(_ plan: SteeringPlan) throws(InferenceError)

    /// Admits a request and starts to answer it.
    ///
    /// - Returns: The generation, whose ``Generation/plan`` is already fixed.
    /// - Throws: ``InferenceError`` `.promptTooLong`, `.queueFull`, `.unsuitablePlan`, `.invalidRequest`,
    ///   `.shutDown`.
    func generate(_ request: GenerationRequest) async throws(InferenceError) -> Generation
}

/// What a core is doing, and has done since its start.
package struct CoreActivity: Hashable, Sendable {
    /// Requests that are being answered.
    package var running = 0
    /// Requests that wait for their turn.
    package var waiting = 0
    /// Tokens of prompts that were read.
    package var promptTokens = 0
    /// Tokens that were generated.
    package var generatedTokens = 0

    package init() {}
}

/// Why the core could not answer.
package struct InferenceError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// The model file cannot be loaded.
        case modelUnavailable
        /// The plan's layer or width does not fit the model.
        case unsuitablePlan
        /// A parameter is outside its range.
        case invalidRequest
        /// The prompt does not fit into the context.
        case promptTooLong
        /// As many requests wait as may wait; try again later.
        case queueFull
        /// The core is being shut down.
        case shutDown
        /// The engine failed in the middle.
        case engineFailed
    }

    package var code: Code
    /// What failed and what to do.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
