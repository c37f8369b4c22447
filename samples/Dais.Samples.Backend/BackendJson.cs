using System.Text.Json.Serialization;

namespace Dais.Samples.Backend;

/// <summary>How what this backend says is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Board))]
public sealed partial class BackendJson : JsonSerializerContext;
