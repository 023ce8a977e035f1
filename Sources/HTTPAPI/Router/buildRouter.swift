package import Hummingbird
package import Reconciliation
package import Steering

/// Puts the whole API together; serving it is the caller's business.
///
/// - Parameters:
///   - core: The model that answers.
///   - resolver: What turns a request's `profile` into steering.
///   - service: What is done with profiles.
///   - controller: What tells the loader's status.
///   - readiness: What `/readyz` reports.
/// - Returns: A router in which every answer, errors included, has the shape that its path promises.
package func buildRouter(
    core: any InferenceCore,
    resolver: any PlanResolver,
    service: ProfileService,
    controller: any SteeringController,
    readiness: Readiness,
    configuration: APIConfiguration = APIConfiguration()
) -> Router<APIRequestContext> {
    let router = Router(context: APIRequestContext.self)

    // From the outside in: what is logged is what was answered, and what is refused is answered in shape.
    let requests = RequestMetrics()
    router.add(middleware: RequestCount(metrics: requests))
    router.add(middleware: RequestLog())
    router.add(middleware: ErrorRendering(directory: configuration.directory))
    router.add(middleware: Admission(hosts: configuration.hosts, tokens: configuration.tokens))

    let desk = GenerationDesk(core: core, resolver: resolver, configuration: configuration)
    CompletionRoutes(desk: desk).add(to: router)
    ModelRoutes(model: core.model, created: configuration.now()).add(to: router)
    let profiles = ProfileDesk(service: service, configuration: configuration)
    ProfileRoutes(desk: profiles).add(to: router)
    ActivationRoutes(desk: profiles).add(to: router)
    TransferRoutes(desk: profiles).add(to: router)
    SteeringRoutes(desk: profiles).add(to: router)
    StatusRoutes(controller: controller).add(to: router)
    EventRoutes(
        controller: controller,
        heartbeat: configuration.heartbeat,
        seats: EventSeats(configuration.eventFollowers)
    ).add(to: router)
    HealthRoutes(readiness: readiness).add(to: router)
    MetricsRoutes(requests: requests, core: core, controller: controller, start: configuration.now()).add(to: router)
    OpenAPIRoutes(hasTokens: configuration.tokens != nil).add(to: router)
    return router
}
