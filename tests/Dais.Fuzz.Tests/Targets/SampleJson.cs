using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>One value of any type of the contract, with everything in it that may be.</summary>
internal static class SampleJson
{
    private const int DepthMax = 8;

    public static string Of(JsonTypeInfo type)
    {
        var json = new StringBuilder();
        Write(json, type, 0);
        return json.ToString();
    }

    private static void Write(StringBuilder to, JsonTypeInfo type, int depth)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when depth < DepthMax:
                to.Append('{');
                bool first = true;
                foreach (var property in type.Properties)
                {
                    to.Append(first ? "" : ",").Append('"').Append(property.Name).Append("\":");
                    Write(to, type.Options.GetTypeInfo(property.PropertyType), depth + 1);
                    first = false;
                }

                to.Append('}');
                break;
            case JsonTypeInfoKind.Enumerable:
                to.Append('[');
                Write(to, type.Options.GetTypeInfo(type.ElementType!), depth + 1);
                to.Append(']');
                break;
            case JsonTypeInfoKind.Dictionary:
                to.Append("{\"a\":");
                Write(to, type.Options.GetTypeInfo(type.ElementType!), depth + 1);
                to.Append('}');
                break;
            default:
                to.Append(Plain(Nullable.GetUnderlyingType(type.Type) ?? type.Type, type.Options));
                break;
        }
    }

    private static string Plain(Type type, JsonSerializerOptions options) =>
        type == typeof(string) ? "\"a\""
        : type == typeof(bool) ? "true"
        : type == typeof(JsonElement) ? "{\"a\":[1,null]}"
        : type.IsPrimitive ? "1"
        : type.IsEnum ? JsonSerializer.Serialize(Enum.GetValues(type).GetValue(0), options.GetTypeInfo(type))
        : "null";
}
