"""Writes an ONNX graph node by node, in the order of computation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 9
"""Fixed, so that a newer onnx still writes graphs which every supported onnxruntime reads."""

ONNXRUNTIME = "com.microsoft"
"""The domain of onnxruntime's own operators; those that are used here it has had since version 1.12."""


class GraphBuilder:
    """Collects nodes and constants; values are referred to by the names that the methods return."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, element_type: int, shape: Sequence[int | str]) -> str:
        """A graph input; `element_type` is one of onnx.TensorProto's, strings in `shape` are free sizes."""
        self._inputs.append(helper.make_tensor_value_info(name, element_type, shape))
        return name

    def constant(self, value: NDArray[Any]) -> str:
        """A constant tensor."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def ints(self, *values: int) -> str:
        """A constant int64 vector, as shapes, axes and pads are given."""
        return self.constant(np.array(values, np.int64))

    def op(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """One node with one output; `domain` among the attributes says whose operator it is, if not ONNX's."""
        name = f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def output(self, name: str, value: str, shape: Sequence[int | str]) -> None:
        """A float32 graph output called `name`."""
        self._nodes.append(helper.make_node("Identity", [value], [name], name=name))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def serialize(self, metadata: Mapping[str, str]) -> bytes:
        """The checked graph as the bytes of an .onnx file; `metadata` is stored inside it."""
        domains = {"": OPSET} | {node.domain: 1 for node in self._nodes if node.domain}
        graph = helper.make_graph(
            self._nodes, self._name, self._inputs, self._outputs, initializer=self._constants
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid(domain, version) for domain, version in domains.items()],
            ir_version=IR_VERSION,
            producer_name="seamline",
        )
        helper.set_model_props(model, dict(metadata))
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString())
