"""A small writer of ONNX graphs whose tensors all carry their shape.

onnxruntime keeps a tensor in its blocked layout (NCHWc) only where it can prove that two
operands have the same sides; its own inference loses them behind a padded convolution with
symbolic sides. So every tensor is written down here with the names of its sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

OPSET, IR_VERSION = 20, 9
CONTRIBUTED = "com.microsoft"

Shape = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A value of the graph: its name, its shape (symbolic sides by name), its element type."""

    name: str
    shape: Shape
    element: int = TensorProto.FLOAT

    @property
    def channels(self) -> int:
        """Of an NCHW tensor."""
        assert isinstance(self.shape[1], int)
        return self.shape[1]


class Graph:
    """Collects nodes and constants; `model` writes them out, the same bytes every time."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[tuple[bytes, Shape, str], onnx.TensorProto] = {}
        self._tensors: list[Tensor] = []

    def constant(self, array: NDArray[np.generic]) -> str:
        """The name of a constant; float64 arrays are rounded to float32 here, once."""
        stored = array.astype(np.float32) if array.dtype == np.float64 else array
        key = (stored.tobytes(), stored.shape, str(stored.dtype))
        if key not in self._constants:
            name = f"{self._prefix}c{len(self._constants)}"
            made = onnx.numpy_helper.from_array(np.ascontiguousarray(stored), name)
            self._constants[key] = made
        return self._constants[key].name

    def node(
        self,
        op: str,
        inputs: Sequence[Tensor | NDArray[np.generic] | None],
        shape: Shape,
        element: int = TensorProto.FLOAT,
        domain: str = "",
        **attributes: object,
    ) -> Tensor:
        """Adds one node with one output of that shape; `None` is an input left out."""
        names = [self._name(value) for value in inputs]
        out = Tensor(f"{self._prefix}t{len(self._tensors)}", shape, element)
        self._tensors.append(out)
        made = helper.make_node(op, names, [out.name], f"{op}_{out.name}", domain=domain)
        made.attribute.extend(
            helper.make_attribute(key, value) for key, value in sorted(attributes.items())
        )
        self._nodes.append(made)
        return out

    def _name(self, value: Tensor | NDArray[np.generic] | None) -> str:
        if value is None:
            return ""
        return value.name if isinstance(value, Tensor) else self.constant(value)

    def named(self, tensor: Tensor, name: str) -> Tensor:
        """Gives a tensor its public name, wherever it was used so far."""
        for node in self._nodes:
            for names in (node.input, node.output):
                for at, old in enumerate(names):
                    if old == tensor.name:
                        names[at] = name
        self._tensors = [one for one in self._tensors if one != tensor]
        return replace(tensor, name=name)

    def proto(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> onnx.GraphProto:
        """The graph, for a model or as another graph's body."""
        ends = {tensor.name for tensor in (*inputs, *outputs)}
        return helper.make_graph(
            self._nodes,
            f"{self._prefix}graph",
            [_described(tensor) for tensor in inputs],
            [_described(tensor) for tensor in outputs],
            list(self._constants.values()),
            value_info=[_described(one) for one in self._tensors if one.name not in ends],
        )

    def model(
        self, inputs: Sequence[Tensor], outputs: Sequence[Tensor], metadata: Mapping[str, str]
    ) -> bytes:
        """The finished file with its provenance inside. Raises on an invalid graph."""
        made = helper.make_model(
            self.proto(inputs, outputs),
            producer_name="scripts/rebuild_network",
            ir_version=IR_VERSION,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIBUTED, 1)],
        )
        helper.set_model_props(made, dict(metadata))
        onnx.checker.check_model(made)
        return bytes(made.SerializeToString(deterministic=True))


def _described(tensor: Tensor) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(tensor.name, tensor.element, tensor.shape)
