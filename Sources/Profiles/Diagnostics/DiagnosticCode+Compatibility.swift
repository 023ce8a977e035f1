/// P101–P199: a sound profile that does not fit the model or the SAE that are loaded.
extension DiagnosticCode {
    package static let modelMismatch = DiagnosticCode(
        "P101",
        "made for another model",
        example: "model: Llama-3-8B",
        help: "load that model, remove 'model', or activate with --force"
    )
    package static let saeMismatch = DiagnosticCode(
        "P102",
        "made for another SAE",
        example: "sae: another-sae",
        help: "attach that SAE, remove 'sae', or activate with --force"
    )
    package static let layerMismatch = DiagnosticCode(
        "P103",
        "made for another layer",
        example: "layer: 3",
        help: "attach an SAE of that layer, or remove 'layer'"
    )
    package static let featureOutOfRange = DiagnosticCode(
        "P104",
        "feature does not exist",
        example: "99999: 45.0",
        help: "use an index that the SAE has; 'millm features' lists the labelled ones"
    )
    package static let widthMismatch = DiagnosticCode(
        "P105",
        "SAE of another width",
        example: "an SAE of width 768, a model of 576",
        help: "attach an SAE that was trained on this model"
    )
    package static let saeNotAttached = DiagnosticCode(
        "P106",
        "no SAE attached",
        example: "millmd without --sae",
        help: "start the daemon with --sae"
    )
    package static let unusableScale = DiagnosticCode(
        "P107",
        "SAE with an unusable scale",
        example: "normalize_activations: layer_norm",
        help: "use an SAE whose decoder lives in the scale of the residual stream"
    )

    static let ofCompatibility = [
        modelMismatch, saeMismatch, layerMismatch, featureOutOfRange, widthMismatch, saeNotAttached, unusableScale,
    ]
}
