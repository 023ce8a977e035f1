import Profiles
import Reconciliation
import Steering

/// Where a request becomes generations: the model's name is checked, the steering looked up once, and every
/// choice admitted under it.
struct GenerationDesk: Sendable {
    /// The word for no steering at all; no profile can have it as its id.
    static let unsteered = "none"

    let core: any InferenceCore
    let resolver: any PlanResolver
    let configuration: APIConfiguration

    /// Admits all choices, or none.
    ///
    /// - Throws: ``APIError``, or what the core and the resolver throw.
    func admit(_ order: GenerationOrder) async throws -> Choices {
        try requireModel(order.model)
        let plan = try await plan(for: order.profile)
        var generations: [Generation] = []
        for request in order.requests(plan: plan) {
            // If one is refused, those before it end with this array.
            generations.append(try await core.generate(request))
        }
        return Choices(generations: generations, choicesPerPrompt: order.choicesPerPrompt, plan: plan)
    }

    private func requireModel(_ name: String?) throws(APIError) {
        guard let name, name != ModelRoutes.defaultName, name != core.model.name else { return }
        throw APIError(
            .modelNotFound,
            "The model '\(name.shortened)' is not loaded; '\(core.model.name)' is.",
            parameter: "model"
        )
    }

    private func plan(for profile: String?) async throws -> SteeringPlan {
        guard let profile else { return core.plan }
        guard profile != Self.unsteered else { return .unsteered }
        do {
            return try await resolver.plan(for: profile)
        } catch {
            var error = APIError(error)
            error.parameter = "profile"
            throw error
        }
    }
}
