using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dais.Protocol;

/// <summary>Turns the parameters of a call into their type.</summary>
public static class ParamsReader
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <summary>Reads the parameters, and checks their values.</summary>
    /// <param name="element">The parameters as they came; undefined stands for an empty object.</param>
    /// <param name="type">Their type.</param>
    /// <param name="value">The parameters.</param>
    /// <param name="field">The name of the field that is missing, of the wrong type or of a value that is not allowed.</param>
    public static bool TryRead<TParams>(JsonElement element, JsonTypeInfo<TParams> type, out TParams? value, out string? field)
        where TParams : class, IParams
    {
        ArgumentNullException.ThrowIfNull(type);
        value = null;
        element = element.ValueKind == JsonValueKind.Undefined ? Empty : element;
        if (element.ValueKind != JsonValueKind.Object)
        {
            field = "params";
            return false;
        }

        try
        {
            field = MissingField(element, type);
            if (field is not null)
            {
                return false;
            }

            value = element.Deserialize(type)!;
        }
        catch (JsonException exception)
        {
            field = FieldOf(exception.Path);
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string or name with half of a surrogate pair cannot be decoded; nobody says where it was.
            field = "params";
            return false;
        }

        field = value.InvalidField();
        value = field is null ? value : null;
        return field is null;
    }

    private static string? MissingField(JsonElement element, JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired && !element.TryGetProperty(property.Name, out _))
            {
                return property.Name;
            }
        }

        return null;
    }

    /// <summary>`$.slots[0].slot` is the field `slots[0].slot`.</summary>
    private static string FieldOf(string? path) => path is { Length: > 2 } ? path[2..] : "params";
}
