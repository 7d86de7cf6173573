# case: history_callback_subclass
# style: own Callback subclass that keeps the kernel of each epoch; fit's History is still returned; Russian comments

# %% compile_model
def compile_model(model):
    # компилируем модель: оптимизатор, функция потерь, метрика
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=0.005),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


# %% train_model
class KernelRecorder(keras.callbacks.Callback):
    """Запоминает веса первого слоя после каждой эпохи."""

    def __init__(self):
        super().__init__()
        self.kernels = []

    def on_epoch_end(self, epoch, logs=None):
        self.kernels.append(self.model.get_weights()[0])


def train_model(model, x, y, epochs=5):
    recorder = KernelRecorder()
    history = model.fit(x, y, epochs=epochs, batch_size=16, callbacks=[recorder], verbose=0)
    print("Записано ядер:", len(recorder.kernels))
    return history


# %% first_layer_weights
from copy import deepcopy


def first_layer_weights(model):
    # первый слой, у которого есть веса
    layer = [слой for слой in model.layers if слой.get_weights()][0]
    return deepcopy(layer.get_weights()[0])


# %% weight_change
def weight_change(before, after):
    differences = [np.abs(a - b) for a, b in zip(before, after)]
    while any(d.ndim > 0 for d in differences):
        # убираем одну ось за другой, пока не останется одно число
        differences = [d.max(axis=0) if d.ndim else d for d in differences]
    return [float(d) for d in differences]
