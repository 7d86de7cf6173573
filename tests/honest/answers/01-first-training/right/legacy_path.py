# case: legacy_path
# style: legacy_path

from tensorflow.keras.optimizers import Adam
from tensorflow.keras.losses import SparseCategoricalCrossentropy

# %% compile_model
def compile_model(model):
    model.compile(loss=SparseCategoricalCrossentropy(), optimizer=Adam(learning_rate=0.02), metrics=['acc'])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% rest
def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0]

def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
